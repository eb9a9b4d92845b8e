// Signs in to a running server and puts into its shop what the bench writes with: products and clients
// with consecutive ids. Prints shell variables.
// Usage: node scripts/bench/shop.mjs URL ROWS
import { signIn } from './sign-in.mjs';

const [base, rows] = process.argv.slice(2);

async function call(method, path, body, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(`${base}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

const { access_token: token } = await call('POST', '/auth/login', { email: 'admin@example.com', password: 'admin123' });
const first = {};
for (let row = 0; row < Number(rows); row++) {
  const product = { nom: `Banc d’essai ${row}`, prix: 10 + row, category_id: 1, stock_initial: 1_000_000_000 };
  const client = { nom: `Banc d’essai ${row}`, telephone: '06 39 98 99 99' };
  first.product ??= (await call('POST', '/products', product, token)).id;
  first.client ??= (await call('POST', '/clients', client, token)).id;
  if (row > 0) {
    await call('POST', '/products', product, token);
    await call('POST', '/clients', client, token);
  }
}
const { items } = await call('GET', '/orders?per_page=1', undefined, token);
const { end_date: end } = await call('GET', '/dashboard/chiffre-affaires', undefined, token);
const yearStart = new Date(Date.parse(end) - 364 * 86_400_000).toISOString().slice(0, 10);
// As far as page 1 000 of 20, or the last but one of a shop that has not so many.
let page = 0;
let cursor;
for (let rows = 0; rows < 20_000; rows += 100) {
  const { next_cursor: next } = await call('GET', `/orders?per_page=100${cursor ? `&cursor=${cursor}` : ''}`, undefined, token);
  if (!next) break;
  [cursor, page] = [next, (rows + 100) / 20];
}
const session = JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).sid;
// A word that many orders hold, and a number that one holds.
const { client_nom: nom, numero } = items[0];
const found = { token, session, product: first.product, client: first.client, order: items[0].id, year_start: yearStart,
  cursor, cursor_page: page, search: encodeURIComponent(nom.split(' ').at(-1)), rare: numero.slice(-6),
  cookie: await signIn(base) };
for (const [name, value] of Object.entries(found)) console.log(`${name}='${value}'`);
