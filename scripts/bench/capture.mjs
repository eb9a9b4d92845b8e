// Turns what the server sent to PostgreSQL for one call into a script for pgbench: the same statements,
// prepared, with the same parameters. Prints pgbench's options, one a line: the parameters' values.
// Usage: node scripts/bench/capture.mjs LOG SCRIPT
import { writeFileSync } from 'node:fs';
import { statements } from './statements.mjs';

const [log, script] = process.argv.slice(2);
// What two connections were sent at once comes one after the other: a transaction stays whole.
const all = statements(log);
const connections = [...new Set(all.map(({ on }) => on))];
const sent = connections.flatMap((connection) => all.filter(({ on }) => on === connection));
const lines = sent.map(({ sql, parameters }, at) => {
  const named = sql.replace(/\$(\d+)/g, (_, number) => {
    const value = parameters[number];
    if (value === null) return 'null';
    console.log(`-D\nv${at}_${number}=${value}`);
    return `:v${at}_${number}`;
  });
  return `${named.replace(/;\s*$/, '')};`;
});
if (!lines.length) throw new Error(`${log} holds no statement of the server`);
writeFileSync(script, `${lines.join('\n')}\n`);
