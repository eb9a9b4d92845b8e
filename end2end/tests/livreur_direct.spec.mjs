// The livreur's phone and what reaches it, or leaves it, by itself: pictures without a page, over a slow network, what
// others do, addresses that are no page, another currency.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, expectAccessibleInBothThemes, program, test } from './support.mjs';
import {
  backgroundSync, begin, card, deliver, installed, isReady, knownOnce, later, line, livreur, offline, onAPhone, online, open, orders,
  photograph, sign, waiting, wake,
} from './round.mjs';
import { secondServer } from './server.mjs';

onAPhone(180_000);

const isProof = ({ url }) => /\/preuves\?/.test(url);

// Delivered, with both pictures.
async function withPictures(page) {
  await page.locator('.thumb').getByRole('button', { name: 'Livrée' }).tap();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Faire signer' }).tap();
  await sign(page, sheet);
  await photograph(sheet);
  await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await expect(sheet).toBeHidden();
}

const proofs = async (rest, { id }) => (await rest.get(`/orders/${id}/preuves`)).items.map(({ type }) => type).sort();

test('with no page open, pictures are sent too, each once @js', async ({ page, request, context }) => {
  const { rest, who, made: [order] } = await begin(page, request, 1, 'en_livraison', Date.now() - 20_000);
  await installed(page);
  const sent = [];
  line.reached = (asked) => { if (isProof(asked)) sent.push(asked.url); };
  line.cut = true;
  await withPictures(page);
  await page.close();
  line.cut = false;
  await backgroundSync(context, line, who);
  await expect.poll(() => proofs(rest, order)).toEqual(['photo', 'signature']);
  expect(sent).toHaveLength(2);
  const again = await context.newPage();
  await again.goto(`${line.url}/livreur`);
  await isReady(again);
  await later(again);
  await waiting(again, 0);
  expect(sent).toHaveLength(2);
  await knownOnce(request, who, line, 1);
});

test('pictures whose action has arrived go on without a page, when the first one was lost on its way @js', async ({ page, request, context }) => {
  const { rest, who, made: [order] } = await begin(page, request);
  await installed(page);
  line.lose = isProof;
  await withPictures(page);
  await later(page);
  await expect.poll(async () => (await rest.get(`/orders/${order.id}`)).statut).toBe('livree');
  await offline(page);
  await waiting(page, 1);
  await page.close();
  line.lose = () => false;
  await backgroundSync(context, line, who);
  await expect.poll(() => proofs(rest, order)).toEqual(['photo', 'signature']);
  const again = await context.newPage();
  await again.goto(`${line.url}/livreur`);
  await isReady(again);
  await waiting(again, 0);
  await knownOnce(request, who, line, 1);
});

test('a picture arrives over a network on which it takes a minute @js', async ({ page, request, context }) => {
  const { rest, who, made: [order] } = await begin(page, request);
  const tries = [];
  page.on('request', (asked) => { if (isProof({ url: asked.url() })) tries.push(asked.url()); });
  await page.locator('.thumb').getByRole('button', { name: 'Livrée' }).tap();
  const sheet = page.getByRole('dialog');
  await photograph(sheet);
  const size = 250_000;
  const devtools = await context.newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: size / 55 };
  await devtools.send('Network.emulateNetworkConditions', slow);
  const begun = Date.now();
  await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await expect.poll(() => proofs(rest, order), { timeout: 120_000 }).toEqual(['photo']);
  expect((await rest.get(`/orders/${order.id}/preuves`)).items[0].taille).toBeGreaterThan(size * 0.9);
  expect(Date.now() - begun).toBeGreaterThan(50_000);
  await waiting(page, 0);
  expect(tries).toHaveLength(1);
  await knownOnce(request, who, line, 1);
});

test('a picture that hangs is tried again @js', async ({ page, request }) => {
  const { rest, who, made: [order] } = await begin(page, request);
  const tries = [];
  // The first one gets no answer.
  await page.route(/\/preuves\?/, (route) => { tries.push(1); return tries.length > 1 ? route.continue() : undefined; });
  await page.locator('.thumb').getByRole('button', { name: 'Livrée' }).tap();
  const sheet = page.getByRole('dialog');
  await photograph(sheet);
  await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await expect(sheet).toBeHidden();
  await later(page);
  await expect.poll(() => tries.length).toBe(1);
  await later(page, 300);
  await expect.poll(() => proofs(rest, order)).toEqual(['photo']);
  await waiting(page, 0);
  await knownOnce(request, who, line, 1);
});

test('what others do is there within seconds, also after the line broke @js', async ({ page, request }) => {
  const { rest, who, made: [first, second, third] } = await begin(page, request, 3);
  const other = await livreur(rest);
  await expect.poll(() => line.streams.size).toBe(1);
  await rest.post(`/orders/${first.id}/assign-livreur`, { livreur_id: other.id });
  await expect(card(page, first)).toHaveCount(0, { timeout: 5_000 });
  await rest.post(`/orders/${second.id}/cancel`, { motif: 'Le client ne veut plus' });
  await expect(page.locator('.next-who')).toHaveText(third.client_nom, { timeout: 5_000 });
  line.cut = true;
  await expect.poll(() => line.streams.size).toBe(0);
  await later(page, 10);
  await offline(page);
  line.cut = false;
  await wake(page);
  await online(page);
  await expect.poll(() => line.streams.size).toBe(1);
  const [fresh] = await orders(rest, who, 1);
  await expect(card(page, fresh)).toHaveCount(1, { timeout: 5_000 });
});

test('without a network, no address of the phone is a page of the browser’s @js', async ({ page, request, context }) => {
  const { made: [order] } = await begin(page, request);
  await installed(page);
  await context.setOffline(true);
  for (const path of ['/livreur/nulle-part', '/livreur/donnees', '/livreur?attente']) {
    await page.goto(`${line.url}${path}`);
    await expect(page.locator('.next-who')).toHaveText(order.client_nom);
  }
  await page.goto(`${line.url}/livreur/nulle-part`);
  expect(new URL(page.url()).pathname).toBe('/livreur');
  await expect(page.locator('.next-who')).toHaveText(order.client_nom);
  await page.getByRole('link', { name: 'Mon profil' }).tap();
  await expect(page.getByRole('alert')).toContainText("votre profil ne s'ouvre pas");
  await expectAccessibleInBothThemes(page, 'profil sans réseau');
  await context.setOffline(false);
  await expect(page.getByText("votre profil ne s'ouvre pas")).toHaveCount(0, { timeout: 20_000 });
  await page.route('**/profil', (route) => route.fulfill({ body: 'Un profil' }));
  await page.getByRole('link', { name: 'Mon profil' }).tap();
  await page.waitForURL(`${line.url}/profil`);
});

for (const [currency, price, sum, half] of [['XOF', 1500, '3\u202f000\u00a0FCFA', '1500'], ['USD', 12.5, '25,00\u00a0$', '12,50']]) {
  test(`amounts are in the shop's currency: ${currency} @js`, async ({ page, playwright }) => {
    const folder = await mkdtemp(join(tmpdir(), 'livreur-'));
    const server = await secondServer({ DATABASE_URL: undefined, DASHBOARD_FB_DATA: folder, BUSINESS_CURRENCY: currency });
    try {
      await server.start();
      line.to = new URL(server.base);
      const rest = await program(await playwright.request.newContext({ baseURL: server.base }));
      const who = await livreur(rest);
      const [category] = (await rest.get('/categories/all')).items;
      const product = await rest.post('/products', { nom: 'Sac de riz', prix: price, category_id: category.id, stock_initial: 5 });
      const [order] = await orders(rest, who, 1, 'en_livraison', { items: [{ product_id: product.id, quantity: 2 }] });
      await open(page, line, who);
      await expect(page.locator('.collect')).toContainText(sum);
      await page.locator('.thumb').getByRole('button', { name: 'Livrée' }).tap();
      const sheet = page.getByRole('dialog');
      await sheet.getByRole('button', { name: /Tout est remis/ }).tap();
      await sheet.getByRole('button', { name: /^Plus : refusé/ }).tap();
      await expect(sheet.getByLabel(/Encaissé/)).toHaveValue(half);
      if (currency === 'XOF') {
        await sheet.getByLabel(/Encaissé/).fill('1500,5');
        await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
        await expect(sheet.getByRole('alert')).toContainText('Trop de décimales');
        await sheet.getByLabel(/Encaissé/).fill('1500');
      }
      await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
      await expect(sheet).toBeHidden();
      await later(page);
      await waiting(page, 0);
      expect(await rest.get(`/orders/${order.id}`)).toMatchObject({ statut: 'livree', montant_encaisse: price, total_livre: price });
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
}

test('a delivery is told and answered while the stream is open, once @js', async ({ page, request }) => {
  const { who } = await begin(page, request);
  await expect.poll(() => line.streams.size).toBe(1);
  await deliver(page);
  await later(page);
  await waiting(page, 0);
  await expect(page.getByText('Tournée terminée')).toBeVisible();
  await knownOnce(request, who, line, 1);
});
