// Performance, accessibility and best practices of the pages that people wait for most, as Lighthouse
// sees them on a desk, the livreur's on a phone. No search-engine score: the pages say noindex.
// Usage: scripts/with-server.sh release node end2end/tools/lighthouse.mjs LIGHTHOUSE_FOLDER
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { baseUrl, cookiesOf, launch } from './browser.mjs';

const here = createRequire(pathToFileURL(`${process.argv[2]}/package.json`));
const { default: lighthouse, desktopConfig } = await import(pathToFileURL(here.resolve('lighthouse')).href);
const port = 9300 + (process.pid % 500);
const categories = ['performance', 'accessibility', 'best-practices'];
console.log('page'.padEnd(24) + ['performance', 'accessibilité', 'pratiques'].map((c) => c.padStart(15)).join(''));
let low = false;
for (const path of ['/connexion', '/', '/commandes', '/commandes/nouvelle', '/livreur']) {
  // A browser each: the server renews cookies, and what one keeps goes before what is asked for here.
  const browser = await launch([`--remote-debugging-port=${port}`]);
  const cookies = path === '/connexion' ? [] : await cookiesOf(browser, path === '/livreur' ? 'livreur' : 'admin');
  const extraHeaders = { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
  const flags = { port, logLevel: 'error', onlyCategories: categories, extraHeaders, disableStorageReset: true };
  // The livreur's page as a phone loads it.
  const { lhr } = await lighthouse(baseUrl + path, flags, path === '/livreur' ? undefined : desktopConfig);
  if (lhr.runtimeError) throw new Error(`${path}: ${lhr.runtimeError.code} ${lhr.runtimeError.message}`);
  const scores = categories.map((category) => Math.round(lhr.categories[category].score * 100));
  console.log(path.padEnd(24) + scores.map((score) => String(score).padStart(15)).join(''));
  for (const [i, category] of categories.entries()) {
    if (scores[i] >= 95) continue;
    low = true;
    for (const { id, weight } of lhr.categories[category].auditRefs) {
      const audit = lhr.audits[id];
      if (weight > 0 && audit.score !== null && audit.score < 0.9) console.log(`    ${audit.title} ${audit.displayValue ?? ''}`);
    }
  }
  await browser.close();
}
process.exitCode = low ? 1 : 0;
