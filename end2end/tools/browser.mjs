// A Chromium of the machine's own, signed in to the demo shop: for the tools that look at pages.
import { chromium } from '@playwright/test';
import { addressesOf } from '../tests/routes.mjs';
import { accounts } from '../tests/support.mjs';

export const baseUrl = process.env.BASE_URL ?? 'http://127.0.0.1:3000';

const args = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
// Chromium's sandbox refuses root.
if (process.getuid?.() === 0) args.push('--no-sandbox');

export function launch(more = []) {
  return chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: [...args, ...more] });
}

// The cookies of somebody who signed in once: signing in again and again would be slowed down.
export async function cookiesOf(browser, role) {
  const context = await browser.newContext({ locale: 'fr-FR' });
  const page = await context.newPage();
  await page.goto(`${baseUrl}/connexion`);
  const [email, password] = accounts[role];
  await page.getByLabel('Adresse e-mail').fill(email);
  await page.getByLabel('Mot de passe').fill(password);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.waitForURL((url) => url.pathname !== '/connexion');
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

// The number of the first row of a list; nothing where it is empty.
async function firstRow(context, path) {
  const page = await context.newPage();
  await page.goto(baseUrl + path);
  const link = page.locator('main a.row-target').first();
  const href = await link.count() ? await link.getAttribute('href') : undefined;
  await page.close();
  return href && new URL(href, baseUrl).pathname.split('/').pop();
}

// Forms and printed pages are the same for everybody who may open them: the administrator's will do.
const alike = /\/(nouveau|nouvelle|modifier|articles|livraison|correction|preparation|bon-de-livraison|import)$/;

// Every page, as a role sees it; rows are looked up in the administrator's lists (`admin`: their context).
export async function everyPage(admin, role) {
  const [editable, over, product, client, user] = await Promise.all([
    firstRow(admin, '/commandes?statut=confirmee'), firstRow(admin, '/commandes?statut=livree'),
    firstRow(admin, '/produits'), firstRow(admin, '/clients'), firstRow(admin, '/utilisateurs'),
  ]);
  const category = await firstCategory(admin);
  const known = {
    commandes: editable, livree: over, produits: product, categories: category, stocks: product, clients: client, utilisateurs: user,
  };
  const all = addressesOf(known).filter(([path]) => path !== '/livreur' && !path.includes('undefined'));
  const seen = all.filter(([path, who]) => who.includes(role) && (role === 'admin' || !alike.test(path))).map(([path]) => path);
  // And what an address alone makes of a page; a page that a role may not see looks the same for all of them.
  const more = {
    admin: ['/commandes?statut=brouillon', '/commandes?statut=confirmee&statut=livree', `/commandes/${over}`, '/categories?modifier=nouvelle', '/nulle-part'],
    livreur: ['/commandes'],
  };
  return [...seen, ...(more[role] ?? [])];
}

// A category's row leads to its products.
async function firstCategory(context) {
  const page = await context.newPage();
  await page.goto(`${baseUrl}/categories`);
  const id = await page.locator('[data-categorie]').first().getAttribute('data-categorie');
  await page.close();
  return id;
}
