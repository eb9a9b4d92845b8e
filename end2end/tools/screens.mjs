// Every page at 390 and 1440 px, light and dark, as each role sees it, into a folder that git ignores: to be looked at.
// Usage: scripts/with-server.sh release node end2end/tools/screens.mjs [folder] [path…]   (paths: as the administrator)
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { baseUrl, cookiesOf, everyPage, launch } from './browser.mjs';

const [folder = 'screens', ...chosen] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await launch();
const roles = chosen.length ? ['admin'] : ['admin', 'controleur', 'lecture', 'livreur'];
const cookies = {};
for (const role of [...roles, 'livreur']) cookies[role] ??= await cookiesOf(browser, role);
const name = (path) => (path === '/' ? 'accueil' : path.slice(1).replace(/[^\w-]+/g, '_'));

async function contextOf(role, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', locale: 'fr-FR', timezoneId: 'Europe/Paris', ...options,
  });
  if (role) await context.addCookies(cookies[role]);
  return context;
}

const paths = {};
for (const role of roles) {
  const admin = await contextOf('admin');
  paths[role] = chosen.length ? chosen : await everyPage(admin, role);
  await admin.close();
}

for (const width of [390, 1440]) {
  for (const colorScheme of ['light', 'dark']) {
    const options = { viewport: { width, height: width === 390 ? 844 : 900 }, colorScheme };
    // What nobody is signed in to sees.
    await shoot(await contextOf(null, options), ['/connexion'], '', `${width}-${colorScheme}`);
    for (const role of roles) {
      await shoot(await contextOf(role, options), paths[role], role === 'admin' ? '' : `${role}-`, `${width}-${colorScheme}`);
    }
    // The livreur's page, at its own size.
    if (width === 390) await phone(colorScheme);
  }
}

async function shoot(context, addresses, before, after) {
  const page = await context.newPage();
  for (const path of addresses) {
    await page.goto(baseUrl + path);
    // What is there with JavaScript alone shows once the page is awake.
    if (await page.locator('.top-search').count() > 0) await page.locator('.top-search:not(.invisible)').waitFor();
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: join(folder, `${before}${name(path)}-${after}.png`), fullPage: true });
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wider > 0) console.log(`${before}${path} : ${wider} px de trop (${after})`);
  }
  await context.close();
}

async function phone(colorScheme) {
  const context = await contextOf('livreur', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme });
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

const shot = Object.values(paths).reduce((sum, list) => sum + list.length, 1);
console.log(`${shot} pages dans ${folder}/`);
await browser.close();
