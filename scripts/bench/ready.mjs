// Asks until an address answers 200; prints how many milliseconds that was after an instant.
// Usage: node scripts/bench/ready.mjs URL NANOSECONDS_SINCE_1970
const [url, since] = process.argv.slice(2);
const end = Date.now() + 60_000;
while (Date.now() < end) {
  const answer = await fetch(url).catch(() => undefined);
  if (answer?.ok) {
    console.log(Math.round(performance.timeOrigin + performance.now() - Number(since) / 1e6));
    process.exit(0);
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
process.exit(1);
