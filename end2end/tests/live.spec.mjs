// What others do appears by itself, and takes nothing away from what one is doing.
import { colleague, isLive, open, soon, unique } from './colleague.mjs';
import { secondServer } from './server.mjs';
import { accounts, expect, figure, signIn, test } from './support.mjs';

test('the list follows, and what is typed and focused stays', { tag: '@js' }, async ({ page, request }) => {
  const other = await colleague(request);
  const first = await other.order('Suivi A');
  await open(page, '/commandes');
  const tab = page.getByRole('navigation', { name: 'Commandes par statut' }).getByRole('link', { name: /^Brouillons/ });
  const drafts = async () => figure(await tab.locator('.tab-count').innerText());
  const before = await drafts();

  // Somebody is about to press a row: it stays under their hand.
  const link = page.getByRole('link', { name: first.numero, exact: true });
  await link.focus();
  const second = await soon(() => other.order('Suivi B'), (order) =>
    expect(page.getByRole('link', { name: order.numero, exact: true })).toBeVisible());
  await expect(link).toBeFocused();
  await expect.poll(drafts).toBe(before + 1);

  // Somebody is typing a search and has opened the panel of days.
  const search = page.getByLabel('Rechercher dans les commandes');
  await page.locator('summary', { hasText: 'Période' }).click();
  await search.pressSequentially('Suivi');
  await expect(page).toHaveURL(/search=Suivi/);
  await search.press('ArrowLeft');
  const row = page.getByRole('row').filter({ hasText: second.numero });
  await expect(row).toContainText('Brouillon');
  await soon(() => other.confirm(second), () => expect(row).toContainText('Confirmée'));
  await expect(search).toBeFocused();
  await expect(search).toHaveValue('Suivi');
  expect(await search.evaluate((input) => input.selectionStart)).toBe(4);
  await expect(page.getByLabel('Du', { exact: true })).toBeVisible();
});

test('an open order follows, and the reason being typed stays', { tag: '@js' }, async ({ page, request, browser }) => {
  const other = await colleague(request);
  const order = await other.order('Suivi C');
  await open(page, `/commandes/${order.id}`);
  await expect(page.locator('.page-head')).toContainText('Brouillon');
  await page.getByRole('button', { name: 'Annuler la commande' }).click();
  const dialog = page.getByRole('dialog');
  const reason = dialog.getByLabel('Motif');
  await reason.pressSequentially('Le client a changé');
  await reason.press('ArrowLeft');
  await page.evaluate(() => { window.held = document.activeElement; });

  // The other one does it in a browser too.
  const context = await browser.newContext({ baseURL: test.info().project.use.baseURL });
  const theirs = await context.newPage();
  await open(theirs, `/commandes/${order.id}`, accounts.controleur);
  await soon(
    () => theirs.getByRole('button', { name: 'Confirmer' }).click(),
    () => expect(page.locator('.page-head')).toContainText('Confirmée'),
  );
  await context.close();
  await expect(dialog).toBeVisible();
  await expect(reason).toHaveValue('Le client a changé');
  expect(await page.evaluate(() => document.activeElement === window.held && window.held.selectionStart)).toBe(17);
  await reason.press('End');
  await reason.pressSequentially(' d’avis');
  await dialog.getByRole('button', { name: 'Annuler la commande' }).click();
  await expect(page.locator('.page-head')).toContainText('Annulée');
  await expect(page.getByText('Le client a changé d’avis').first()).toBeVisible();
});

test('the dashboard follows, and what is open stays open', { tag: '@js' }, async ({ page, request }) => {
  const other = await colleague(request);
  await open(page, '/');
  const value = page.getByRole('article', { name: 'Commandes', exact: true }).locator('.kpi-value');
  const before = figure(await value.innerText());
  await page.locator('summary', { hasText: 'jour par jour' }).click();

  // Yesterday is read in the chart.
  const chart = page.getByRole('slider');
  await chart.focus();
  await page.keyboard.press('ArrowLeft');
  const reading = await page.locator('.chart-reading').innerText();
  expect(reading).toMatch(/\d commandes? ·/);
  await soon(() => other.order('Suivi D', true), () => expect(value).toHaveText(String(before + 1)));
  await expect(chart).toBeFocused();
  await expect(page.locator('.chart-reading')).toHaveText(reading);
  await expect(page.locator('details.chart-table')).toHaveAttribute('open', '');

  // Another period is being typed.
  await page.locator('.period-free > summary').click();
  const start = page.getByLabel('Du', { exact: true });
  await start.fill('2026-01-02');
  await soon(() => other.order('Suivi E', true), () => expect(value).toHaveText(String(before + 2)));
  await expect(start).toBeVisible();
  await expect(start).toBeFocused();
  await expect(start).toHaveValue('2026-01-02');
});

test('a tab out of sight reads once when it comes back', { tag: '@js' }, async ({ page, request, context }) => {
  const other = await colleague(request);
  await open(page, '/commandes');
  const witness = await context.newPage();
  await witness.goto('/commandes');
  await isLive(witness);
  const reads = [];
  page.on('request', (sent) => { if (sent.url().includes('/_fn/list_orders')) reads.push(sent); });
  const sight = (hidden) => page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, hidden);
  await sight(true);
  const orders = [await other.order('Suivi F'), await other.order('Suivi G'), await other.order('Suivi H')];
  // A page in sight has heard of all of them.
  await expect(witness.getByRole('link', { name: orders[2].numero, exact: true })).toBeVisible();
  expect(reads).toHaveLength(0);
  await expect(page.getByRole('link', { name: orders[2].numero, exact: true })).toHaveCount(0);
  await sight(false);
  for (const order of orders) await expect(page.getByRole('link', { name: order.numero, exact: true })).toBeVisible();
  expect(reads).toHaveLength(1);
  await isLive(page);
});

test('a page survives a restart of its server', { tag: '@js' }, async ({ browser, request }) => {
  const other = await colleague(request);
  const server = await secondServer();
  // Not the watched page: while the server is away, the browser reports each attempt.
  const context = await browser.newContext({ baseURL: server.base, locale: 'fr-FR' });
  try {
    await server.start();
    const page = await context.newPage();
    await open(page, '/commandes');
    await soon(() => other.order('Suivi I'), (order) =>
      expect(page.getByRole('link', { name: order.numero, exact: true })).toBeVisible());

    expect(await server.stop(), 'an open stream does not hold up the stop').toBeLessThan(5_000);
    await expect(page.locator('.live')).toHaveAttribute('data-live', 'reconnexion');
    await expect(page.locator('.live').getByRole('status')).toHaveText('Reconnexion…');
    const missed = await other.order('Suivi J');
    await expect(page.getByRole('link', { name: missed.numero, exact: true })).toHaveCount(0);
    await expect(page.locator('tbody tr').first()).toBeVisible();

    await server.start();
    await isLive(page);
    await expect(page.locator('.live').getByRole('status')).toHaveText('');
    await expect(page.getByRole('link', { name: missed.numero, exact: true })).toBeVisible();
  } finally {
    await context.close();
    await server.stop();
  }
});

// The addresses that are answered with a status from now on.
function answered(page, status) {
  const addresses = [];
  page.on('response', (answer) => { if (answer.status() === status) addresses.push(answer.url()); });
  return addresses;
}

// Ends the session of a page from elsewhere: its browser still has the cookie.
async function endSession(page, browser) {
  const context = await browser.newContext({ storageState: await page.context().storageState() });
  const base = new URL(page.url()).origin;
  await context.request.post(`${base}/deconnexion`, { headers: { origin: base }, maxRedirects: 0 });
  await context.close();
}

test('a page whose session is ended leads to where one signs in', { tag: '@js' }, async ({ page, browser }) => {
  await open(page, '/commandes', accounts.lecture);
  const refused = answered(page, 401);
  await endSession(page, browser);
  await expect(page).toHaveURL(/\/connexion\?suite=%2Fcommandes&fin=session$/, { timeout: 20_000 });
  const why = page.getByText('Votre session est terminée. Reconnectez-vous pour continuer.');
  await expect(why).toBeVisible();
  expect(refused, 'nothing was asked in vain').toEqual([]);
  await signIn(page, [`${unique('personne').replace(' ', '-')}@example.com`, 'pas le bon']);
  await expect(page.getByRole('alert')).toContainText('incorrect');
  await expect(why).toBeVisible();
  await signIn(page, accounts.lecture);
  await expect(page).toHaveURL(/\/commandes$/);
});

test('what is typed stays when the session ends, and goes on with a new one', { tag: '@js' }, async ({ page, browser }) => {
  await open(page, '/clients/nouveau', accounts.controleur);
  const name = page.getByLabel('Nom', { exact: true });
  await name.fill('Épicerie du Port');
  await endSession(page, browser);
  await expect(page.locator('.live')).toHaveAttribute('data-live', 'fin', { timeout: 20_000 });
  await expect(page.locator('.live').getByRole('status')).toHaveText('Session terminée');
  const tab = await page.context().newPage();
  await tab.goto('/connexion');
  await signIn(tab, accounts.controleur);
  await expect(tab).not.toHaveURL(/connexion/);
  await tab.close();
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  await isLive(page);
  await expect(page).toHaveURL(/\/clients\/nouveau$/);
  await expect(name).toHaveValue('Épicerie du Port');
});

test('another role is said on the open page, which stays until it is reloaded', { tag: '@js' }, async ({ page, request }) => {
  const admin = await colleague(request, '', accounts.admin);
  const email = `${unique('droits').replace(' ', '-')}@example.com`;
  const password = 'quatre pommes vertes';
  const user = await admin.call('post', '/users', { nom: 'Droits', prenom: 'Zoé', email, role: 'controleur', password });
  await open(page, '/tournees', [email, password]);
  const refused = answered(page, 403);
  const notice = page.locator('.desk-notice');
  const tournees = page.getByRole('navigation', { name: 'Menu' }).first().getByRole('link', { name: 'Tournées' });
  const day = page.getByLabel('Jour', { exact: true });
  await expect(tournees).toBeVisible();
  await expect(notice).toHaveCount(0);
  await day.fill('2026-01-02');
  await soon(
    () => admin.call('put', `/users/${user.id}`, { role: 'simple_utilisateur' }),
    () => expect(notice).toContainText('Vos droits ont changé.'),
  );
  await expect(page.locator('.live')).toHaveAttribute('data-live', 'droits');
  await expect(page.locator('.live').getByRole('status')).toHaveText('Droits changés');
  await expect(day).toHaveValue('2026-01-02');
  await expect(day).toBeFocused();
  expect(refused, 'nothing was asked in vain').toEqual([]);

  // It is in sight wherever one has scrolled to, and nothing is cut in the hand.
  await page.setViewportSize({ width: 320, height: 568 });
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await expect(notice.getByRole('button', { name: 'Recharger la page' })).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.setViewportSize({ width: 1280, height: 720 });

  await notice.getByRole('button', { name: 'Recharger la page' }).click();
  await isLive(page);
  await expect(page.getByText('Erreur 403')).toBeVisible();
  await expect(notice).toHaveCount(0);
  await expect(tournees).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Nouvelle commande' })).toHaveCount(0);
});
