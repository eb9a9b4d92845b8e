// The livreur's phone when the network, the server, the session or the phone itself fail: nothing is lost, and nothing
// happens twice.
import { expect, expectAccessibleInBothThemes, test } from './support.mjs';
import {
  backgroundSync, begin, card, deliver, installed, isReady, knownOnce, later, leftWaiting, line, livreur, noise,
  offline, onAPhone, online, opensAndSends, stopped, waiting, wake,
} from './round.mjs';
import { secondServer } from './server.mjs';

onAPhone(150_000);

test('without a network before it opens, and in the middle @js', async ({ page, request, context }) => {
  const { rest, who, made } = await begin(page, request, 2);
  await installed(page);
  await page.goto('about:blank');
  line.cut = true;
  await page.goto(`${line.url}/livreur`);
  await isReady(page);
  await offline(page);
  await expect(page.locator('.next-who')).toHaveText(made[0].client_nom);
  await expectAccessibleInBothThemes(page, 'hors ligne');
  await deliver(page);
  await later(page);
  await waiting(page, 1);
  line.cut = false;
  await wake(page);
  await online(page);
  await waiting(page, 0);
  // The radio itself goes, while the page is open.
  await context.setOffline(true);
  await offline(page);
  await deliver(page);
  await later(page);
  await waiting(page, 1);
  // Nobody signs out meanwhile; and it is said for as long as it is so.
  await page.getByRole('button', { name: 'Se déconnecter' }).tap();
  await expect(page.getByRole('alert')).toContainText('on ne peut pas se déconnecter');
  await context.setOffline(false);
  await waiting(page, 0);
  await expect(page.getByText('on ne peut pas se déconnecter')).toHaveCount(0);
  for (const { id } of made) expect((await rest.get(`/orders/${id}`)).statut).toBe('livree');
  await knownOnce(request, who, line, 2);
});

test('the server stops while it answers @js', async ({ page, request }) => {
  const { rest, who, made: [order] } = await begin(page, request);
  line.lose = ({ url }) => url === '/_fn/send_actions';
  await deliver(page);
  await later(page);
  await expect.poll(() => line.batches).toBeGreaterThan(0);
  await expect.poll(async () => (await rest.get(`/orders/${order.id}`)).statut).toBe('livree');
  await offline(page);
  await waiting(page, 1);
  // Again by itself, later each time.
  const before = line.batches;
  await later(page, 30);
  await expect.poll(() => line.batches).toBeGreaterThan(before);
  line.lose = () => false;
  await later(page, 60);
  await waiting(page, 0);
  await knownOnce(request, who, line, 1);
});

test('the server is killed while actions reach it @js', async ({ page, request }) => {
  const server = await secondServer();
  await server.start();
  line.to = new URL(server.base);
  try {
    const { rest, who, made } = await begin(page, request, 5, 'en_preparation');
    // Whether what it got then was carried out, nobody can tell.
    let killed = null;
    line.reached = ({ url }) => {
      if (url === '/_fn/send_actions') killed ??= server.kill();
    };
    await page.getByRole('button', { name: 'Tout prendre en charge (5)' }).tap();
    await waiting(page, 5);
    await later(page);
    await expect.poll(() => killed).not.toBeNull();
    await killed;
    await offline(page);
    await server.start();
    await wake(page);
    await later(page, 60);
    await waiting(page, 0);
    for (const { id } of made) expect((await rest.get(`/orders/${id}`)).statut).toBe('en_livraison');
    await knownOnce(request, who, line, 5);
  } finally {
    await server.kill();
  }
});

test('a hundred actions wait, and each goes out once @js', async ({ page, request }) => {
  const { who } = await begin(page, request, 100, 'en_preparation');
  line.cut = true;
  await page.getByRole('button', { name: 'Tout prendre en charge (100)' }).tap();
  await waiting(page, 100);
  await later(page);
  line.cut = false;
  await wake(page);
  await waiting(page, 0);
  await knownOnce(request, who, line, 100);
  expect(line.actions).toHaveLength(100);
});

test('the tab is closed with a full outbox @js', async ({ page, request, context }) => {
  const { who } = await begin(page, request, 2);
  await installed(page);
  line.cut = true;
  await deliver(page);
  await deliver(page);
  await waiting(page, 2);
  await page.close();
  line.cut = false;
  await opensAndSends(context);
  await knownOnce(request, who, line, 2);
});

test('with no page open, the browser sends by itself @js', async ({ page, request, context }) => {
  const { rest, who, made: [order] } = await leftWaiting(page, request);
  await backgroundSync(context, line, who);
  await expect.poll(async () => (await rest.get(`/orders/${order.id}`)).statut).toBe('livree');
  // The page then learns of it by sending the same once more.
  await opensAndSends(context);
  await knownOnce(request, who, line, 1);
});

test('the session ends while there is no network @js', async ({ page, request }) => {
  const { rest, who } = await begin(page, request);
  line.cut = true;
  await deliver(page);
  await later(page);
  // A new password ends all sessions.
  const password = 'trois poires mures';
  await rest.put(`/users/${who.id}`, { password });
  line.cut = false;
  await wake(page);
  await expect(page.getByRole('alert').first()).toContainText('Votre session est terminée');
  // In sight also where one has scrolled on.
  await expect(page.locator('.state')).toContainText('Non connecté');
  await waiting(page, 1);
  await expectAccessibleInBothThemes(page, 'session terminée');
  // Nobody signs in while there is none again; and it is said for as long as it is so.
  await page.context().setOffline(true);
  await page.getByRole('link', { name: 'Se connecter' }).tap();
  await expect(page.getByRole('alert').first()).toContainText('on ne peut pas se connecter');
  await expectAccessibleInBothThemes(page, 'session terminée, sans réseau');
  await page.context().setOffline(false);
  await expect(page.getByText('on ne peut pas se connecter')).toHaveCount(0);
  await page.getByRole('link', { name: 'Se connecter' }).tap();
  await page.getByLabel('Adresse e-mail').fill(who.account[0]);
  await page.getByLabel('Mot de passe').fill(password);
  await page.getByRole('button', { name: 'Se connecter' }).tap();
  await isReady(page);
  await waiting(page, 0);
  await knownOnce(request, { ...who, account: [who.account[0], password] }, line, 1);
});

test('a new version takes over with a full outbox @js', async ({ page, request }) => {
  const { who } = await begin(page, request, 2);
  await installed(page);
  line.lose = ({ url }) => url === '/_fn/send_actions';
  await deliver(page);
  await waiting(page, 1);
  await page.locator('.thumb').getByRole('button', { name: 'Livrée' }).tap();
  line.version = 'autre0version000';
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await expect.poll(() => page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting))).toBe(true);
  // Not while something is being told.
  await later(page, 15);
  expect(await page.locator(`script[src*="${line.version}"]`).count()).toBe(0);
  await page.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await later(page, 15);
  await expect(page.locator(`script[src*="${line.version}"]`)).toHaveCount(1, { timeout: 20_000 });
  await isReady(page);
  await waiting(page, 2);
  // The page and its code are of one version, and so is what is kept.
  const files = await page.locator('[href*="/pkg/"], [src*="/pkg/"]').evaluateAll((all) => all.map((one) => one.href ?? one.src));
  expect(files.filter((file) => !file.includes(`/pkg/${line.version}/`))).toEqual([]);
  await expect.poll(() => page.evaluate(() => caches.keys())).toEqual([`livreur-${line.version}`]);
  line.lose = () => false;
  await wake(page);
  await waiting(page, 0);
  await knownOnce(request, who, line, 2);
});

for (const [wrong, hours] of [['ahead', 1], ['behind', -1]]) {
  test(`a clock that is an hour ${wrong} is told, and holds nothing up @js`, async ({ page, request }) => {
    const { rest, who, made: [order] } = await begin(page, request, 1, 'en_livraison', Date.now() + hours * 3_600_000);
    await deliver(page);
    await later(page);
    await waiting(page, 0);
    const { items: [told] } = await rest.get(`/orders/${order.id}/tentatives`);
    expect(told.horloge_suspecte).toBe(true);
    expect(Math.abs(told.decalage_s + hours * 3600)).toBeLessThan(60);
    expect((Date.parse(told.survenu_le) - Date.parse(told.synchronise_le)) * hours).toBeGreaterThan(3_500_000);
    await knownOnce(request, who, line, 1);
  });
}

test('a full phone says so, keeps the words, and leaves the photo out only when told to @js', async ({ page, request }) => {
  // The disk is full for real.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: line.url, quotaSize: 150_000 });
  const { rest, who, made: [order] } = await begin(page, request);
  await page.locator('.thumb').getByRole('button', { name: 'Livrée' }).tap();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel(/Reçu par/).fill('Mme Perrin');
  await sheet.locator('input[type=file]').setInputFiles({ name: 'porte.bmp', mimeType: 'image/bmp', buffer: noise(1200, 900) });
  await expect(sheet.getByAltText('Photo de la livraison')).toBeVisible();
  await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await expect(sheet.getByRole('alert')).toContainText("n'a plus de place");
  for (const said of [sheet.getByRole('alert'), sheet.getByRole('button', { name: 'Enregistrer sans la photo' })]) {
    await expect(said).toBeInViewport({ ratio: 1 });
  }
  await expect(sheet.getByLabel(/Reçu par/)).toHaveValue('Mme Perrin');
  await waiting(page, 0);
  // Some room again: for words, not for a picture. (How much a picture takes is the browser's affair.)
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: line.url });
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function full(value, key) {
      if (value instanceof Blob) throw new DOMException('full', 'QuotaExceededError');
      return put.call(this, value, key);
    };
  });
  await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await expect(sheet.getByRole('button', { name: 'Confirmer la livraison' })).toBeEnabled();
  await expect(sheet.getByRole('alert')).toContainText("n'a plus de place");
  await sheet.getByRole('button', { name: 'Enregistrer sans la photo' }).tap();
  await expect(sheet).toBeHidden();
  await later(page);
  await waiting(page, 0);
  const { items: [told] } = await rest.get(`/orders/${order.id}/tentatives`);
  expect(told.receveur).toBe('Mme Perrin');
  expect((await rest.get(`/orders/${order.id}/preuves`)).items).toEqual([]);
  await knownOnce(request, who, line, 1);
});

test('cancelled or given to somebody else meanwhile: the person decides @js', async ({ page, request }) => {
  const { rest, who, made: [gone, given] } = await begin(page, request, 2);
  const other = await livreur(rest);
  line.cut = true;
  await deliver(page);
  await deliver(page);
  await later(page);
  await rest.post(`/orders/${gone.id}/cancel`, { motif: 'Le client ne veut plus' });
  await rest.post(`/orders/${given.id}/assign-livreur`, { livreur_id: other.id });
  line.cut = false;
  await wake(page);
  await expect(page.locator('.state')).toContainText('2 à envoyer, à voir');
  await page.locator('.state').tap();
  const rows = page.locator('main .stops .stop:visible');
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('annulée');
  await expect(rows.last()).toContainText("confiée à quelqu'un d'autre");
  await expectAccessibleInBothThemes(page, 'conflits');
  // Given back, it goes through when it is tried again.
  await rest.post(`/orders/${given.id}/assign-livreur`, { livreur_id: who.id });
  await rows.last().getByRole('button', { name: 'Réessayer' }).tap();
  await waiting(page, 1);
  expect((await rest.get(`/orders/${given.id}`)).statut).toBe('livree');
  // Nothing is given up by one press.
  await rows.first().getByRole('button', { name: 'Abandonner' }).tap();
  await page.getByRole('dialog').getByRole('button', { name: 'Garder' }).tap();
  await waiting(page, 1);
  await rows.first().getByRole('button', { name: 'Abandonner' }).tap();
  await page.getByRole('dialog').getByRole('button', { name: 'Abandonner' }).tap();
  await waiting(page, 0);
  await expect(page.getByText('Tout est envoyé').first()).toBeVisible();
  await expect(card(page, gone)).toHaveCount(1);
});

test('what waits says so once it is not held back any more @js', async ({ page, request }) => {
  const { who } = await begin(page, request);
  await deliver(page);
  await page.locator('.state').tap();
  const state = page.locator('.stop-state');
  await expect(state).toHaveText('Part dans quelques secondes.');
  line.cut = true;
  // Second by second, as it is shown.
  await page.clock.runFor(12_000);
  await expect(state).toHaveText('Attend le réseau.');
  line.cut = false;
  await wake(page);
  await waiting(page, 0);
  await knownOnce(request, who, line, 1);
});

test('a phone that does not know whose it is claims nothing of what it keeps @js', async ({ page, request }) => {
  const { made: [order] } = await begin(page, request);
  await page.context().clearCookies({ name: 'livreur' });
  line.lose = ({ url }) => url === '/livreur/donnees';
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('Impossible de lire votre tournée', { timeout: 40_000 });
  await expect(page.getByRole('alert')).not.toContainText('copie');
  await expect(page.locator('.state-count')).toHaveText('');
  await page.locator('.state').tap();
  await expect(page.getByRole('button', { name: 'Retour à la tournée' })).toBeVisible();
  await expect(page.getByText('Tout est envoyé')).toHaveCount(0);
  await page.locator('.state').tap();
  await stopped(page);
  line.lose = () => false;
  await page.getByRole('button', { name: 'Réessayer' }).tap();
  await expect(page.locator('.next-who')).toHaveText(order.client_nom);
  await expect(page.locator('.state-count')).toHaveText('Tout est envoyé');
});
