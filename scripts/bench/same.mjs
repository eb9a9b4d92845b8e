// Compares what the server sent to PostgreSQL for one call with what pgbench sends for it; exits 1 when
// they differ, so that the ratio cannot compare two different things.
// Usage: node scripts/bench/same.mjs LOG SCRIPT…   (the log: what was written while the call ran)
import { readFileSync } from 'node:fs';
import { statements } from './statements.mjs';

const [log, ...scripts] = process.argv.slice(2);

// Parameters, casts of parameters and arrays of them are all "?"; white space and case play no part.
const normal = (sql) =>
  sql.toLowerCase()
    .replace(/;? *set local [^;]*/g, '') // one round trip with `begin`; pgbench's sessions have both settings already
    .replace(/array\[[^\]]*\](::\w+\[\])?|(?<!:)(\$\d+|:[a-z]\w*)(::\w+(\[\])?)?|\bnull\b/g, '?')
    .replace(/ as "\w+!"/g, '') // what sqlx is told about a column
    .replace(/\s+/g, ' ').replace(/ ?([(),]) ?/g, '$1').replace(/;$/, '').trim();

const server = statements(log).map(({ sql }) => normal(sql));

const lines = scripts.flatMap((script) => readFileSync(script, 'utf8').split('\n'));
const text = lines.filter((line) => !/^\s*(--|\\set)/.test(line)).join('\n');
const bench = text.split(/;\s*(?:\n|$)|\\gset(?: \w+)?\s*(?:\n|$)/).map(normal).filter(Boolean);

for (let at = 0; at < Math.max(server.length, bench.length); at++) {
  if (server[at] !== bench[at]) {
    console.error(`${scripts.join(' ')}, statement ${at + 1}:\n  server:  ${server[at]}\n  pgbench: ${bench[at]}`);
    process.exit(1);
  }
}
