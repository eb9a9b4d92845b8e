// A Chromium of the machine's own, signed in to the demo shop: for the tools that look at pages.
import { chromium } from '@playwright/test';
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

// The address of the first row of a list.
export async function firstRow(context, path) {
  const page = await context.newPage();
  await page.goto(baseUrl + path);
  const href = await page.locator('main a.row-target').first().getAttribute('href');
  await page.close();
  return new URL(href, baseUrl).pathname;
}

// Every page, as the admin sees it; addresses with an id are looked up in their lists.
export async function everyPage(context) {
  const [order, product, client, user] = await Promise.all(
    ['/commandes', '/produits', '/clients', '/utilisateurs'].map((path) => firstRow(context, path)),
  );
  return [
    '/', '/commandes', '/commandes?statut=brouillon', '/commandes/nouvelle', order, `${order}/bon-de-livraison`,
    '/commandes/preparation', '/tournees', '/produits', '/produits/nouveau', product, '/produits/import', '/categories',
    '/stocks', '/stocks/mouvements', product.replace('/produits/', '/stocks/'), '/clients', '/clients/nouveau', client,
    '/utilisateurs', '/utilisateurs/nouveau', user, '/journal', '/profil', '/nulle-part',
  ];
}
