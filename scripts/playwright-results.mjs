// Counts what a Playwright report says, "passed failed", and appends what failed to a file:
// its place, its name, why (the first lines of each error: that a test took too long is one, and where it stood another).
// Usage: node scripts/playwright-results.mjs REPORT.json CLIENT FAILURES
import { appendFileSync, readFileSync } from "node:fs";

const [report, client, failures] = process.argv.slice(2);
const WHY_LINES = 12;
// Colours of the terminal.
const plain = (text) => text.replace(/\u001b\[[0-9;]*m/g, "");

function* specs(suite) {
  yield* suite.specs ?? [];
  for (const inner of suite.suites ?? []) yield* specs(inner);
}

function why(test) {
  const messages = test.results.at(-1)?.errors?.map(({ message }) => message ?? "") ?? [];
  if (messages.length === 0) messages.push(test.status);
  return messages.flatMap((message) =>
    plain(message)
      .split("\n")
      .filter((line) => line.trim())
      .slice(0, WHY_LINES)
      .map((line) => `      ${line}`),
  );
}

try {
  const read = JSON.parse(readFileSync(report, "utf8"));
  for (const spec of specs(read)) {
    for (const test of spec.tests.filter(({ status }) => status === "unexpected")) {
      const name = `  ${client} [${test.projectName}] ${spec.file}:${spec.line} › ${spec.title}`;
      appendFileSync(failures, [name, ...why(test), ""].join("\n"));
    }
  }
  const passed = read.stats.expected + read.stats.flaky;
  console.log(passed, read.stats.unexpected || (passed ? 0 : 1));
} catch {
  appendFileSync(failures, `  ${client} : les tests dans le navigateur n'ont pas abouti\n`);
  console.log(0, 1);
}
