// Drives a running server with 8 connections and prints requests per second, p50 and p99 of each call.
// Usage: node scripts/bench.mjs URL [seconds per call]
import http from 'node:http';

const [base, seconds = '5'] = process.argv.slice(2);
const CONNECTIONS = 8;
const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });

function send(method, path, token, body) {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(payload && { 'content-type': 'application/json' }) };
    const request = http.request(base + path, { method, agent, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(parts).toString() }));
    });
    request.on('error', reject);
    request.end(payload);
  });
}

async function measure(name, call) {
  const times = [];
  const until = performance.now() + Number(seconds) * 1000;
  const started = performance.now();
  const one = async () => {
    while (performance.now() < until) {
      const begin = performance.now();
      const answer = await call();
      if (answer.status >= 300) throw new Error(`${name}: ${answer.status} ${answer.text.slice(0, 200)}`);
      times.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  const elapsed = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(1);
  console.log(`${name.padEnd(44)} ${(times.length / elapsed).toFixed(0).padStart(8)} /s  p50 ${at(0.5).padStart(7)} ms  p99 ${at(0.99).padStart(7)} ms`);
}

const login = await send('POST', '/api/v1/auth/login', null, { email: 'admin@example.com', password: 'admin123' });
const token = JSON.parse(login.text).access_token;
const page = JSON.parse((await send('GET', '/api/v1/orders', token)).text);
const product = JSON.parse(
  (await send('POST', '/api/v1/products', token, { nom: 'Banc d’essai', prix: 10, category_id: 1, stock_initial: 900000000 })).text,
);
const day = (back) => new Date(Date.now() - back * 86400000).toISOString().slice(0, 10);
const order = { client_nom: 'Banc d’essai', client_telephone: '06 39 98 99 99', items: [{ product_id: product.id, quantity: 1 }] };

await measure('GET /products', () => send('GET', '/api/v1/products', token));
await measure('GET /orders (20, with lines)', () => send('GET', '/api/v1/orders', token));
await measure('GET /orders/{id}', () => send('GET', `/api/v1/orders/${page.items[0].id}`, token));
await measure('GET /orders?search=', () => send('GET', '/api/v1/orders?search=martin', token));
await measure('POST /orders', () => send('POST', '/api/v1/orders', token, order));
await measure('POST /orders, confirmed (one hot product)', () => send('POST', '/api/v1/orders', token, { ...order, confirmer: true }));
await measure('GET /dashboard/summary, 30 days', () => send('GET', '/api/v1/dashboard/summary', token));
await measure('GET /dashboard/summary, a year', () => send('GET', `/api/v1/dashboard/summary?start_date=${day(364)}`, token));
agent.destroy();
