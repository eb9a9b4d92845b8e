// What the server sent to PostgreSQL while its log told every statement: `{on, sql, parameters}` in order, `on` being
// the connection; without what its tasks in the background ask all the time.
import { readFileSync } from 'node:fs';

const BACKGROUND = /^select exists ?\(select from (live_events|rollup_touched)\)|^delete from live_events|^lock table rollup_state/;

export function statements(log) {
  const sent = [];
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const head = /^\S+ \S+ \S+ \[(\d+)\] (\S*) ?(LOG: {2}(?:statement|execute [^:]*)|DETAIL: {2}parameters): (.*)$/.exec(line);
    if (head?.[3].startsWith('LOG')) sent.push({ on: head[1], by: head[2], sql: head[4], parameters: {} });
    else if (head) {
      for (const [, number, text] of head[4].matchAll(/\$(\d+) = (NULL|'(?:[^']|'')*')/g)) {
        sent.findLast(({ on }) => on === head[1]).parameters[number] = text === 'NULL' ? null : text.slice(1, -1).replaceAll("''", "'");
      }
    } else if (line.startsWith('\t') && sent.length) sent.at(-1).sql += `\n${line}`;
  }
  const server = sent.filter(({ by }) => by === 'dashboard-fb');
  // A transaction is left out whole; one that has not ended is none of the call's, nor one that had begun before.
  const out = new Set(server.filter(({ sql }) => BACKGROUND.test(sql)));
  const begun = new Set();
  for (const [at, { on, sql }] of server.entries()) {
    if (/^begin/i.test(sql)) begun.add(on);
    else if (/^(commit|rollback)/i.test(sql) && !begun.delete(on)) {
      server.slice(0, at + 1).filter((statement) => statement.on === on).forEach((statement) => out.add(statement));
    }
  }
  for (const [at, begin] of server.entries()) {
    if (!/^begin/i.test(begin.sql)) continue;
    const later = server.slice(at).filter(({ on }) => on === begin.on);
    const end = later.findIndex(({ sql }) => /^(commit|rollback)/i.test(sql));
    const whole = end < 0 ? later : later.slice(0, end + 1);
    if (end < 0 || whole.some((statement) => out.has(statement))) whole.forEach((statement) => out.add(statement));
  }
  return server.filter((statement) => !out.has(statement));
}
