// What a page loads before one can act on it, compressed as it is sent: WASM, JavaScript, CSS, fonts.
// Usage: scripts/with-server.sh release node end2end/tools/size.mjs
import { baseUrl, cookiesOf, launch } from './browser.mjs';

const browser = await launch();
const cookies = await cookiesOf(browser, 'admin');
const livreur = await cookiesOf(browser, 'livreur');
const kinds = [['wasm', /\.wasm(\?|$)/], ['js', /\.js(\?|$)/], ['css', /\.css(\?|$)/], ['police', /\.woff2(\?|$)/]];
const kB = (bytes) => `${Math.round(bytes / 1000)} kB`.padStart(9);
console.log('page'.padEnd(24) + [...kinds.map(([kind]) => kind), 'page', 'wasm+js'].map((k) => k.padStart(9)).join(''));
for (const path of ['/connexion', '/', '/commandes', '/commandes/nouvelle', '/produits', '/stocks', '/tournees', '/livreur']) {
  // The phone's service worker would load everything a second time, for its cache.
  const context = await browser.newContext({ locale: 'fr-FR', serviceWorkers: 'block' });
  if (path !== '/connexion') await context.addCookies(path === '/livreur' ? livreur : cookies);
  const page = await context.newPage();
  // What the other pages need comes while the browser is idle: that is nobody's waiting.
  await page.addInitScript(() => { window.requestIdleCallback = () => 0; });
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  const answers = new Map();
  const sizes = {};
  session.on('Network.responseReceived', ({ requestId, response }) => answers.set(requestId, response));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const { url, encodedDataLength: head } = answers.get(requestId) ?? { url: '', encodedDataLength: 0 };
    const kind = kinds.find(([, pattern]) => pattern.test(url))?.[0] ?? (new URL(url).pathname === path ? 'page' : 'autre');
    // Without the head of the answer, which is the same however long what follows is.
    sizes[kind] = (sizes[kind] ?? 0) + encodedDataLength - head;
  });
  await page.goto(baseUrl + path);
  // The page has woken up when it follows its links itself.
  await page.waitForFunction(() => performance.getEntriesByType('resource').some((r) => /\.wasm/.test(r.name) && r.responseEnd > 0));
  await page.waitForLoadState('networkidle');
  const figures = [...kinds.map(([kind]) => sizes[kind] ?? 0), sizes.page ?? 0, (sizes.wasm ?? 0) + (sizes.js ?? 0)];
  console.log(path.padEnd(24) + figures.map(kB).join(''));
  await context.close();
}
await browser.close();
