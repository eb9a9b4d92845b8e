// What is being told on the livreur's phone and not confirmed: kept until it is, or until there is nothing to deliver.
import { expect, expectAccessibleInBothThemes, test } from './support.mjs';
import {
  allSent, begin, card, deliver, ink, isReady, knownOnce, later, line, livreur, onAPhone, orders, photograph, sign, waiting, wake,
} from './round.mjs';

onAPhone(120_000);

const delivered = (page) => page.locator('.thumb').getByRole('button', { name: 'Livrée' });
const close = (page) => page.getByRole('dialog').getByRole('button', { name: 'Fermer' }).tap();

// Everything that one can tell at a door.
async function tell(page) {
  const sheet = page.getByRole('dialog');
  await delivered(page).tap();
  await sheet.getByRole('button', { name: /Tout est remis/ }).tap();
  await sheet.getByRole('button', { name: /^Plus : refusé/ }).tap();
  await sheet.getByLabel(/Reçu par/).fill('Mme Perrin');
  await sheet.getByLabel(/Encaissé/).fill('5,50');
  await sheet.getByRole('button', { name: 'Faire signer' }).tap();
  await sign(page, sheet);
  await photograph(sheet);
  return sheet;
}

async function expectTold(page) {
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByText('Votre saisie a été gardée.')).toBeVisible();
  await expect(sheet).toContainText('Remis : 1 sur 2');
  await expect(sheet.getByLabel(/Reçu par/)).toHaveValue('Mme Perrin');
  await expect(sheet.getByLabel(/Encaissé/)).toHaveValue('5,50');
  await expect.poll(() => ink(sheet)).toBeGreaterThan(100);
  await expect(sheet.getByAltText('Photo de la livraison')).toBeVisible();
}

// What the phone's database keeps of drafts.
const drafts = (page, { id }) => page.evaluate((person) => new Promise((good, bad) => {
  const request = indexedDB.open(`livreur-${person}`);
  request.onerror = bad;
  request.onsuccess = () => {
    const names = ['etat', 'preuves'].map((store) => new Promise((found) => {
      const keys = request.result.transaction(store).objectStore(store).getAllKeys();
      keys.onsuccess = () => found(keys.result.filter((name) => name.startsWith('brouillon-')));
    }));
    Promise.all(names).then((all) => { request.result.close(); good(all.flat()); });
  };
}), id);

test('what is told survives closing the sheet, a reload and undoing, and is gone once it is sent @js', async ({ page, request }) => {
  const { rest, who, made: [order] } = await begin(page, request);
  await tell(page);
  await close(page);
  await delivered(page).tap();
  await expectTold(page);
  await expectAccessibleInBothThemes(page, 'saisie gardée');
  await page.reload();
  await isReady(page);
  await delivered(page).tap();
  await expectTold(page);
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await expect(sheet).toBeHidden();
  await waiting(page, 1);
  expect(await drafts(page, who)).toEqual([]);
  // Nobody signs twice because something else was wrong.
  await page.getByRole('button', { name: 'Annuler' }).tap();
  await waiting(page, 0);
  await delivered(page).tap();
  await expectTold(page);
  await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await expect(sheet).toBeHidden();
  await later(page);
  await waiting(page, 0);
  expect(await drafts(page, who)).toEqual([]);
  const { items: [told] } = await rest.get(`/orders/${order.id}/tentatives`);
  expect(told).toMatchObject({ resultat: 'partielle', receveur: 'Mme Perrin', montant_encaisse: 5.5 });
  const { items: proofs } = await rest.get(`/orders/${order.id}/preuves`);
  expect(proofs.map(({ type }) => type).sort()).toEqual(['photo', 'signature']);
  await knownOnce(request, who, line, 1);
});

test('what one signs in stands above the foot as soon as it is asked for @js', async ({ page, request }) => {
  await begin(page, request);
  const sheet = page.getByRole('dialog');
  for (const [width, height] of [[390, 844], [320, 568]]) {
    await page.setViewportSize({ width, height });
    await delivered(page).tap();
    await sheet.getByRole('button', { name: 'Faire signer' }).tap();
    const box = (one) => one.evaluate((element) => element.getBoundingClientRect().toJSON());
    await expect.poll(async () => {
      const [all, foot, scroller] = [await box(sheet.locator('.signature')), await box(sheet.locator('.sheet-foot')), await box(sheet)];
      return all.top >= scroller.top && all.bottom <= foot.top;
    }, { message: `${width}×${height}` }).toBe(true);
    await close(page);
    await expect(sheet).toBeHidden();
  }
});

test('what is told can be wiped away, and a note of a problem is kept too @js', async ({ page, request }) => {
  const { who } = await begin(page, request);
  await tell(page);
  await close(page);
  await delivered(page).tap();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Tout effacer' }).tap();
  await expect(sheet.getByText('Votre saisie a été gardée.')).toHaveCount(0);
  await expect(sheet.getByLabel(/Reçu par/)).toHaveValue('');
  await expect(sheet.getByRole('button', { name: 'Tout est remis (modifier)' })).toBeVisible();
  await expect(sheet.getByAltText('Photo de la livraison')).toHaveCount(0);
  await expect(sheet.getByRole('button', { name: 'Faire signer' })).toBeVisible();
  expect(await drafts(page, who)).toEqual([]);
  await close(page);

  const problem = page.locator('.thumb').getByRole('button', { name: 'Problème' });
  await problem.tap();
  await sheet.getByLabel(/Note/).fill('Volets fermés');
  await close(page);
  await page.reload();
  await isReady(page);
  await problem.tap();
  await expect(sheet.getByLabel(/Note/)).toHaveValue('Volets fermés');
  await sheet.getByRole('button', { name: 'Client absent' }).tap();
  await expect(sheet).toBeHidden();
  expect(await drafts(page, who)).toEqual([]);
  await later(page);
  await waiting(page, 0);
  await knownOnce(request, who, line, 1);
});

test('nobody else sees it, and it goes when the delivery goes @js', async ({ page, request }) => {
  const { rest, who, made: [first, second] } = await begin(page, request, 2);
  const other = await livreur(rest);
  await orders(rest, other, 1);
  await tell(page);
  await close(page);
  expect((await drafts(page, who)).length).toBeGreaterThan(2);
  // Somebody else on the same phone, in between.
  const change = async ({ account }) => {
    await page.getByRole('button', { name: 'Se déconnecter' }).tap();
    await page.waitForURL(/connexion/);
    await page.getByLabel('Adresse e-mail').fill(account[0]);
    await page.getByLabel('Mot de passe').fill(account[1]);
    await page.getByRole('button', { name: 'Se connecter' }).tap();
    await isReady(page);
  };
  await change(other);
  expect(await drafts(page, other)).toEqual([]);
  await delivered(page).tap();
  await expect(page.getByRole('dialog').getByText('Votre saisie a été gardée.')).toHaveCount(0);
  await expect(page.getByRole('dialog').getByLabel(/Reçu par/)).toHaveValue('');
  await close(page);
  await change(who);
  await delivered(page).tap();
  await expectTold(page);
  await close(page);
  // Given to the other, it is none of the first one's business.
  await rest.post(`/orders/${first.id}/assign-livreur`, { livreur_id: other.id });
  await wake(page);
  await expect(card(page, first)).toHaveCount(0);
  await expect(page.locator('.next-who')).toHaveText(second.client_nom);
  await expect.poll(() => drafts(page, who)).toEqual([]);
});

test('taking a take-over back takes back what was done after it, and keeps what was told @js', async ({ page, request }) => {
  const { rest, who, made: [order] } = await begin(page, request, 1, 'en_preparation');
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.getByRole('button', { name: 'Prendre en charge' }).tap();
  await delivered(page).tap();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel(/Reçu par/).fill('Mme Perrin');
  await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await waiting(page, 2);
  await page.locator('.state').tap();
  const rows = page.locator('main .stops .stop:visible');
  await rows.filter({ hasText: 'Prise en charge' }).getByRole('button', { name: 'Annuler' }).tap();
  await waiting(page, 0);
  await expect(page.locator('.undo')).toHaveCount(0);
  await page.clock.runFor(12_000);
  expect(line.actions).toEqual([]);
  expect((await rest.get(`/orders/${order.id}`)).statut).toBe('en_preparation');
  // Told again, it is there.
  await page.locator('.state').tap();
  await page.getByRole('button', { name: 'Prendre en charge' }).tap();
  await delivered(page).tap();
  await expect(sheet.getByLabel(/Reçu par/)).toHaveValue('Mme Perrin');
  await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await waiting(page, 2);
  await allSent(page);
  await expect.poll(async () => (await rest.get(`/orders/${order.id}`)).statut).toBe('livree');
  await knownOnce(request, who, line, 2);
});

test('each of several actions can be taken back for as long as it lasts @js', async ({ page, request }) => {
  const { rest, who, made: [first, second] } = await begin(page, request, 2);
  await page.clock.pauseAt(Date.now() + 60_000);
  const bar = page.locator('.undo');
  const undo = () => bar.getByRole('button', { name: 'Annuler' }).tap();
  await deliver(page);
  await page.clock.runFor(4_000);
  await deliver(page);
  await expect(bar).toContainText(second.client_nom);
  // The newest goes, and the one before is there again with what is left of its time.
  await undo();
  await waiting(page, 1);
  await expect(bar).toContainText(first.client_nom);
  await expect(bar.locator('.figures')).toHaveText('6');
  await undo();
  await waiting(page, 0);
  await expect(bar).toHaveCount(0);
  // The older one ends first, and leaves the newer one alone.
  await deliver(page);
  await page.clock.runFor(4_000);
  await deliver(page);
  await page.clock.runFor(6_800);
  await expect(bar).toContainText(second.client_nom);
  await undo();
  await expect(bar).toHaveCount(0);
  await allSent(page);
  expect((await rest.get(`/orders/${first.id}`)).statut).toBe('livree');
  expect((await rest.get(`/orders/${second.id}`)).statut).toBe('en_livraison');
  await knownOnce(request, who, line, 1);
});

test('ten whole seconds to take it back, and not one more @js', async ({ page, request }) => {
  await begin(page, request, 1, 'en_preparation');
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.getByRole('button', { name: 'Prendre en charge' }).tap();
  await expect(page.locator('.undo')).toContainText('10');
  await page.clock.runFor(9_800);
  await page.getByRole('button', { name: 'Annuler' }).tap();
  await waiting(page, 0);
  await page.clock.runFor(5_000);
  expect(line.actions).toEqual([]);
  await page.getByRole('button', { name: 'Prendre en charge' }).tap();
  await waiting(page, 1);
  await page.clock.runFor(9_900);
  expect(line.actions).toEqual([]);
  await expect(page.locator('.undo')).toBeVisible();
  await page.clock.runFor(200);
  await expect(page.locator('.undo')).toHaveCount(0);
  await allSent(page);
  expect(line.actions.length).toBe(1);
});
