// Two servers behind one address, which take the requests of a page in turn.
import { colleague, isLive, open, soon, unique } from './colleague.mjs';
import { inTurn, secondServer } from './server.mjs';
import { accounts, expect, test } from './support.mjs';

let server;
let front;

test.beforeAll(async ({ baseURL }) => {
  server = await secondServer();
  await server.start();
  front = await inTurn(baseURL, server.base);
});

test.afterAll(async () => {
  front?.close();
  await server?.stop();
});

// A person in front of both.
async function person(browser) {
  const context = await browser.newContext({ baseURL: front.base, locale: 'fr-FR' });
  return { context, page: await context.newPage() };
}

test('what a page shows is not read again because it listens elsewhere @js', async ({ browser, request }) => {
  const other = await colleague(request);
  const { context, page } = await person(browser);
  await open(page, '/commandes');
  const reads = [];
  page.on('request', (asked) => { if (asked.url().includes('/_fn/')) reads.push(asked.url()); });
  // Drawn by one and heard by the other, whichever it is.
  for (let turn = 0; turn < 3; turn += 1) {
    await page.goto('/commandes');
    await isLive(page);
  }
  expect(reads).toEqual([]);
  await soon(() => other.order(unique('Suivi à deux')), (order) =>
    expect(page.getByRole('link', { name: order.numero, exact: true })).toBeVisible());
  expect(reads.length).toBeGreaterThan(0);
  await context.close();
});

test('what is done at one is there at the other @js', async ({ browser }) => {
  const { context, page } = await person(browser);
  await open(page, '/clients/nouveau', accounts.controleur);
  const nom = unique('Cliente à deux');
  await page.getByLabel('Nom', { exact: true }).fill(nom);
  await page.getByRole('button', { name: 'Ajouter le client' }).click();
  await expect(page).toHaveURL(/\/clients\/\d+$/);
  await expect(page.getByRole('heading', { name: nom })).toBeVisible();
  for (let turn = 0; turn < 2; turn += 1) {
    await page.reload();
    await expect(page.getByRole('heading', { name: nom })).toBeVisible();
  }
  await isLive(page);
  await page.getByRole('button', { name: 'Supprimer le client' }).click();
  const question = page.getByRole('dialog', { name: 'Supprimer le client' });
  await question.getByRole('button', { name: 'Supprimer le client' }).click();
  await expect(page).toHaveURL(/\/clients$/);
  expect((await page.goto(`/clients?search=${encodeURIComponent(nom)}`)).status()).toBe(200);
  await expect(page.getByRole('link', { name: nom, exact: true })).toHaveCount(0);
  // The session ends for both, and the open page hears of it.
  await isLive(page);
  await context.request.post('/deconnexion', { headers: { origin: front.base }, maxRedirects: 0 });
  await expect(page).toHaveURL(/\/connexion/);
  for (let turn = 0; turn < 2; turn += 1) {
    await page.goto('/clients');
    await expect(page).toHaveURL(/\/connexion/);
  }
  await context.close();
});
