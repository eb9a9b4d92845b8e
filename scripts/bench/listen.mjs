// Opens so many live streams, eight for each session, as so many open pages would; says when they are open,
// and reads what comes until it is stopped.
// Usage: node scripts/bench/listen.mjs URL COUNT
import { signIn } from './sign-in.mjs';

const [base, count] = process.argv.slice(2);
const EACH = 8;
const streams = [];
for (let opened = 0; opened < Number(count); opened += EACH) {
  const cookie = await signIn(base);
  for (let n = opened; n < Math.min(opened + EACH, Number(count)); n++) {
    const answer = await fetch(`${base}/evenements`, { headers: { cookie, accept: 'text/event-stream' } });
    if (!answer.ok) throw new Error(`/evenements: ${answer.status}`);
    streams.push(answer);
  }
}
console.log(`${streams.length} flux ouverts`);
await Promise.all(streams.map(async (answer) => {
  for await (const _ of answer.body);
}));
