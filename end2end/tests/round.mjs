// What the tests of the livreur's phone share: a livreur with deliveries, and a wire to the server that a test can cut.
import { execFileSync } from 'node:child_process';
import { createServer, request as forward } from 'node:http';
import { expect, program, test, unique } from './support.mjs';

const password = 'quatre pommes vertes';

// A livreur of the test's own.
export async function livreur(rest) {
  const mark = unique('karim').replace(' ', '-');
  const user = await rest.post('/users', { email: `${mark}@example.com`, nom: mark, role: 'livreur', password });
  return { ...user, account: [user.email, password] };
}

// Orders of somebody, today's, as far as `statut`.
export async function orders(rest, { id }, count, statut = 'en_livraison', more = {}) {
  const [product] = (await rest.get('/products?search=HUI-OLI-50')).items;
  await rest.post('/stocks/entry', { product_id: product.id, quantite: count * 2 });
  const made = [];
  for (let n = 0; n < count; n += 1) {
    const data = {
      client_nom: unique('Cliente'), client_telephone: '06 39 98 44 20', adresse_livraison: '3 rue du Port', ville: 'Nantes',
      notes: 'Code 12B, deuxième étage', confirmer: true, items: [{ product_id: product.id, quantity: 2 }], ...more,
    };
    const order = await rest.post('/orders', data);
    await rest.post(`/orders/${order.id}/assign-livreur`, { livreur_id: id });
    for (const next of ['en_preparation', 'en_livraison']) {
      if (statut === 'confirmee') break;
      await rest.patch(`/orders/${order.id}/status`, { statut: next });
      if (next === statut) break;
    }
    made.push(order);
  }
  return made;
}

// Between the phone and the server. `cut`: no network. `lose`: the answers to what it names are lost, once the server
// has given them. `instead`: status and text with which what it names is answered in the server's place. `hold`: the answers wait for what it gives. `reached`: told of what has gone to the server. `version`: the server has moved on to another version
// of the program. `to`: where the server is.
async function wire(baseURL) {
  let cut = false;
  const streams = new Set();
  const line = {
    to: new URL(baseURL), lose: () => false, instead: () => null, hold: () => null, reached: () => {}, version: null, actions: [], batches: 0, senders: new Set(),
    streams,
    get cut() { return cut; },
    // What is open ends too.
    set cut(now) {
      cut = now;
      if (cut) for (const open of streams) open.destroy();
    },
  };
  let known = null;
  const server = createServer((asked, answer) => {
    if (line.cut) return asked.socket.destroy();
    const instead = line.instead(asked);
    if (instead) {
      asked.resume();
      return answer.writeHead(instead[0], { 'content-type': 'text/plain' }).end(instead[1]);
    }
    const chunks = [];
    asked.on('data', (chunk) => chunks.push(chunk));
    asked.on('end', () => {
      const body = Buffer.concat(chunks);
      if (asked.url === '/_fn/send_actions') {
        line.batches += 1;
        line.senders.add(asked.headers['x-utilisateur']);
        line.actions.push(...JSON.parse(body).batch.actions);
      }
      const headers = { ...asked.headers };
      delete headers['accept-encoding'];
      const path = line.version && known ? asked.url.replace(line.version, known) : asked.url;
      const upstream = forward({ host: line.to.hostname, port: line.to.port, method: asked.method, path, headers }, (given) => {
        // A stream has no end to wait for.
        if (given.headers['content-type']?.startsWith('text/event-stream')) {
          if (line.cut || line.lose(asked)) return asked.socket.destroy();
          streams.add(answer);
          answer.on('close', () => { streams.delete(answer); upstream.destroy(); });
          answer.writeHead(given.statusCode, given.headers);
          return given.pipe(answer);
        }
        const parts = [];
        given.on('data', (part) => parts.push(part));
        given.on('end', async () => {
          await line.hold(asked);
          if (line.cut || line.lose(asked)) return asked.socket.destroy();
          let sent = Buffer.concat(parts);
          const more = { ...given.headers };
          if (more['x-version']) known = more['x-version'];
          if (line.version && known && /html|javascript/.test(more['content-type'] ?? '')) {
            sent = Buffer.from(sent.toString().replaceAll(known, line.version));
            if (more['x-version']) more['x-version'] = line.version;
            more['content-length'] = String(sent.length);
          }
          answer.writeHead(given.statusCode, more);
          return answer.end(sent);
        });
        return undefined;
      });
      upstream.on('error', () => asked.socket.destroy());
      upstream.on('finish', () => line.reached(asked));
      upstream.end(body);
    });
    return undefined;
  });
  await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });
  line.url = `http://127.0.0.1:${server.address().port}`;
  line.close = () => new Promise((closed) => {
    for (const open of streams) open.end();
    server.close(closed);
    server.closeAllConnections();
  });
  return line;
}

// Signed in at the phone's page, which has told its round. The clock is the test's: it still runs by itself.
export async function open(page, line, who, time) {
  await page.clock.install(time ? { time } : undefined);
  await page.goto(`${line.url}/connexion`);
  await page.getByLabel('Adresse e-mail').fill(who.account[0]);
  await page.getByLabel('Mot de passe').fill(who.account[1]);
  await page.getByRole('button', { name: 'Se connecter' }).tap();
  await page.waitForURL(`${line.url}/livreur`);
  await isReady(page);
}

// The wire of the test that runs.
export let line;

// All tests of a file are on a phone, at the end of a wire; after each the database holds together.
export function onAPhone(timeout) {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  test.setTimeout(timeout);
  test.beforeEach(async ({ baseURL }) => { line = await wire(baseURL); });
  test.afterEach(async () => {
    await line.close();
    expectSound();
  });
}

// Somebody with deliveries, at the phone's page.
export async function begin(page, request, count = 1, statut = 'en_livraison', time = undefined, more = {}) {
  const rest = await program(request);
  const who = await livreur(rest);
  const made = await orders(rest, who, count, statut, more);
  await open(page, line, who, time);
  return { rest, who, made };
}

// The database holds together. The program is the one that serves.
function expectSound() {
  expect(process.env.SERVER && process.env.DATABASE_URL, 'the program and its database: scripts/test.sh names them').toBeTruthy();
  execFileSync(process.env.SERVER, ['verify'], { stdio: 'pipe' });
}

// The network is back, as the browser says it.
export const wake = (page) => page.evaluate(() => window.dispatchEvent(new Event('online')));

// A debug client takes its time.
export async function isReady(page) {
  await expect(page.locator('.foot')).toBeVisible({ timeout: 40_000 });
}

// Installed: from now on it starts without a network.
export async function installed(page) {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await expect.poll(() => page.evaluate(() => Boolean(navigator.serviceWorker.controller))).toBe(true);
}

// The browser lets the service worker send, as it does once there is a network and no page is open.
export async function backgroundSync(context, line, { id }) {
  const elsewhere = await context.newPage();
  await elsewhere.goto(`${line.url}/robots.txt`);
  const devtools = await context.newCDPSession(elsewhere);
  const found = new Promise((good) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find(({ scopeURL }) => scopeURL === `${line.url}/livreur`);
      if (ours) good(ours.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  const event = { origin: line.url, registrationId: await found, tag: `envoi-${id}`, lastChance: true };
  await devtools.send('ServiceWorker.dispatchSyncEvent', event);
}

// Draws on what one signs on, which is in sight.
export async function sign(page, sheet) {
  const canvas = sheet.locator('canvas');
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  await page.mouse.move(box.x + 40, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 200, box.y + 110, { steps: 6 });
  await page.mouse.up();
  await expect(sheet.getByRole('button', { name: 'Effacer la signature' })).toBeEnabled();
}

// How much of a signature is there: dots that are not white.
export const ink = (sheet) => sheet.locator('canvas').evaluate((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) if (data[at] < 128) dark += 1;
  return dark;
});

// A photo of something that no compression makes small.
export async function photograph(sheet, width = 1200, height = 900) {
  await sheet.locator('input[type=file]').setInputFiles({ name: 'porte.bmp', mimeType: 'image/bmp', buffer: noise(width, height) });
  await expect(sheet.getByAltText('Photo de la livraison')).toBeVisible({ timeout: 20_000 });
}

export const waiting = (page, count) => expect(page.locator('[data-attente]')).toHaveAttribute('data-attente', String(count), { timeout: 20_000 });
// By a clock that stands still: the phone looks once a second, unless it is reading just then.
export const allSent = (page) => expect.poll(async () => {
  await page.clock.runFor(1_000);
  return page.locator('[data-attente]').getAttribute('data-attente');
}, { timeout: 30_000 }).toBe('0');
export const card = (page, order) => page.locator(`[data-commande="${order.id}"]`);
export const online = (page) => expect(page.locator('.state')).toContainText('En ligne');
export const offline = (page) => expect(page.locator('.state')).toContainText('Hors ligne');

// What can be undone for ten seconds has become due.
export async function later(page, seconds = 11) {
  await page.clock.fastForward(seconds * 1000);
}

// The clock stands still from now on: nothing happens by itself.
export async function stopped(page) {
  await page.clock.pauseAt(await page.evaluate(() => Date.now()) + 1000);
}

// Delivers the next one with two gestures.
export async function deliver(page) {
  await page.locator('.thumb').getByRole('button', { name: 'Livrée' }).tap();
  await page.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await expect(page.getByRole('dialog')).toBeHidden();
}

// A delivery that waits on the phone, with no page of it open, when the network comes back. Of a phone that is a little
// slow, so that nothing is held back any more.
export async function leftWaiting(page, request, leave = () => page.close()) {
  const begun = await begin(page, request, 1, 'en_livraison', Date.now() - 20_000);
  await installed(page);
  line.cut = true;
  await deliver(page);
  await leave();
  line.cut = false;
  return begun;
}

// The phone is opened again, and has sent everything in the end.
export async function opensAndSends(context) {
  const again = await context.newPage();
  await again.goto(`${line.url}/livreur`);
  await isReady(again);
  await later(again);
  await waiting(again, 0);
}

// The server knows each action that ever left the phone, once: sent again through the other door, each is known, and
// no door was told of twice.
export async function knownOnce(request, who, line, count) {
  const own = await program(request, who.account);
  const actions = [...new Map(line.actions.map((action) => [action.id, action])).values()];
  expect(actions).toHaveLength(count);
  for (let at = 0; at < actions.length; at += 100) {
    const { resultats } = await own.post('/livraisons/actions', { actions: actions.slice(at, at + 100) });
    expect(resultats.filter(({ statut }) => statut !== 'deja_connue')).toEqual([]);
  }
  const doors = actions.filter(({ type }) => type !== 'prise_en_charge');
  for (const order of new Set(doors.map(({ order_id }) => order_id))) {
    const { items } = await own.get(`/orders/${order}/tentatives`);
    expect(items.map(({ id }) => id).sort()).toEqual(doors.filter((a) => a.order_id === order).map(({ id }) => id).sort());
  }
}

// A picture that no compression makes small.
export function noise(width, height) {
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeUInt32LE(54 + width * height * 3, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  const dots = Buffer.alloc(width * height * 3);
  for (let at = 0, seed = 7; at < dots.length; at += 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    dots[at] = seed >> 16;
  }
  return Buffer.concat([head, dots]);
}
