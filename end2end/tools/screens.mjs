// Every page at 390 and 1440 px, light and dark, into a folder that git ignores: to be looked at.
// Usage: scripts/with-server.sh release node end2end/tools/screens.mjs [folder] [path…]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { baseUrl, cookiesOf, everyPage, launch } from './browser.mjs';

const [folder = 'screens', ...chosen] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await launch();
const cookies = await cookiesOf(browser, 'admin');
const livreur = await cookiesOf(browser, 'livreur');
const name = (path) => (path === '/' ? 'accueil' : path.slice(1).replace(/[^\w-]+/g, '_'));
let paths = chosen;

for (const width of [390, 1440]) {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({
      viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme, reducedMotion: 'reduce',
      locale: 'fr-FR', timezoneId: 'Europe/Paris',
    });
    // What nobody is signed in to sees.
    const stranger = await context.newPage();
    await stranger.goto(`${baseUrl}/connexion`);
    await stranger.screenshot({ path: join(folder, `connexion-${width}-${colorScheme}.png`), fullPage: true });
    await context.addCookies(cookies);
    if (paths.length === 0) paths = await everyPage(context);
    const page = await context.newPage();
    for (const path of paths) {
      await page.goto(baseUrl + path);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(folder, `${name(path)}-${width}-${colorScheme}.png`), fullPage: true });
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wider > 0) console.log(`${path} : ${wider} px de trop à ${width} px`);
    }
    await context.close();
    // The livreur's page, at its own size.
    if (width === 390) await phone(colorScheme);
  }
}

async function phone(colorScheme) {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme, reducedMotion: 'reduce', locale: 'fr-FR', timezoneId: 'Europe/Paris',
  });
  await context.addCookies(livreur);
  const page = await context.newPage();
  await page.goto(`${baseUrl}/livreur`);
  await page.locator('.foot').waitFor();
  const shot = (what) => page.screenshot({ path: join(folder, `livreur${what}-390-${colorScheme}.png`), fullPage: what === '' });
  await shot('');
  for (const [button, what] of [['Livrée', '-livrer'], ['Problème', '-probleme']]) {
    const opener = page.locator('.thumb').getByRole('button', { name: button });
    if (await opener.count() === 0) continue;
    await opener.tap();
    await shot(what);
    await page.getByRole('button', { name: 'Fermer' }).tap();
  }
  await page.locator('.state').tap();
  await shot('-attente');
  await context.close();
}

console.log(`${paths.length + 1} pages dans ${folder}/`);
await browser.close();
