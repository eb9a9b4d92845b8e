// The livreur's phone, with a network: the round, what one does at a door, who may see it.
import { expect, expectAccessibleInBothThemes, program, signedInAs, signedOut, test } from './support.mjs';
import { card, deliver, knownOnce, later, line, livreur, onAPhone, open, orders, photograph, sign, waiting } from './round.mjs';

onAPhone(120_000);

// Everything that one presses is at least as large as a gloved thumb.
async function expectLargeTargets(page) {
  const small = await page.locator('button:visible, a:visible, summary:visible').evaluateAll((targets) => targets
    .map((target) => ({ words: target.innerText, ...target.getBoundingClientRect().toJSON() }))
    .filter(({ width, height }) => Math.min(width, height) < 56).map(({ words, width, height }) => `${words} ${width}×${height}`));
  expect(small).toEqual([]);
}

// In sight with the button that it keeps from being pressed, and not behind it.
async function expectAboveConfirm(sheet, what) {
  await expect(what).toBeInViewport({ ratio: 1 });
  const said = await what.boundingBox();
  const confirm = await sheet.getByRole('button', { name: 'Confirmer la livraison' }).boundingBox();
  expect(said.y + said.height).toBeLessThanOrEqual(confirm.y);
}

test('a round from the shop to the last door @js', async ({ page, request }) => {
  const rest = await program(request);
  const who = await livreur(rest);
  const [first, second] = await orders(rest, who, 2, 'en_preparation');
  const [unready] = await orders(rest, who, 1, 'confirmee');
  await open(page, line, who);
  await expect(page.locator('.next-who')).toHaveText(first.client_nom);
  await expect(card(page, unready)).toContainText('Pas encore prête');
  await expectAccessibleInBothThemes(page, 'à prendre');
  await expectLargeTargets(page);

  // One gesture, taken back; then for good.
  await page.getByRole('button', { name: 'Tout prendre en charge (2)' }).tap();
  await waiting(page, 2);
  await page.getByRole('button', { name: 'Annuler' }).tap();
  await waiting(page, 0);
  await later(page);
  expect(line.actions).toEqual([]);
  await page.getByRole('button', { name: 'Tout prendre en charge (2)' }).tap();
  await later(page);
  await waiting(page, 0);

  // The way, a call, a message.
  const next = page.locator('.next');
  await expect(next.getByRole('link', { name: 'Y aller' })).toHaveAttribute('href', 'geo:0,0?q=3%20rue%20du%20Port%2C%20Nantes');
  await expect(next.getByRole('link', { name: 'Appeler' })).toHaveAttribute('href', 'tel:0639984420');
  await expect(next.getByRole('link', { name: 'SMS' })).toHaveAttribute('href', 'sms:0639984420');
  await expect(next).toContainText('Code 12B');
  await expectAccessibleInBothThemes(page, 'en route');
  await expectLargeTargets(page);

  // By hand: the second before the first.
  await card(page, second).getByRole('button', { expanded: false }).tap();
  await expectAccessibleInBothThemes(page, 'dépliée');
  await expectLargeTargets(page);
  await card(page, unready).getByRole('button', { expanded: false }).tap();
  await card(page, unready).getByRole('button', { name: 'Plus tôt' }).tap();
  await expect(page.locator('.stops .stop-who').first()).toHaveText(unready.client_nom);
  await page.reload();
  await expect(page.locator('.stops .stop-who').first()).toHaveText(unready.client_nom);
  await page.getByRole('button', { name: "Reprendre l'ordre du bureau" }).tap();
  await expect(page.locator('.next-who')).toHaveText(first.client_nom);

  // The plain case is two gestures.
  await deliver(page);
  await expect(page.locator('.next-who')).toHaveText(second.client_nom);
  await later(page);
  await waiting(page, 0);
  const done = await rest.get(`/orders/${first.id}`);
  expect(done.statut).toBe('livree');
  expect(done.montant_encaisse).toBe(done.total);
  await knownOnce(request, who, line, 3);
});

test('in part, with who received it, cash, signature and photo @js', async ({ page, request }) => {
  const rest = await program(request);
  const who = await livreur(rest);
  const [order] = await orders(rest, who, 1);
  await open(page, line, who);
  await page.locator('.thumb').getByRole('button', { name: 'Livrée' }).tap();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name: /Tout est remis/ }).tap();
  const more = sheet.getByRole('button', { name: /^Plus : refusé/ });
  await more.tap();
  await more.tap();
  await expect(sheet.getByRole('button', { name: 'Confirmer la livraison' })).toBeDisabled();
  await sheet.getByRole('button', { name: /^Moins : refusé/ }).tap();
  // One of two is handed over: half of it is to be collected, until the person types what was.
  const euros = (amount) => amount.toFixed(2).replace('.', ',');
  await expect(sheet.getByLabel(/Encaissé/)).toHaveValue(euros(order.total / 2));
  await expect(sheet.getByText(/à encaisser/)).toContainText(euros(order.total / 2));
  await sheet.getByLabel(/Reçu par/).fill('Mme Perrin');
  await sheet.getByLabel(/Encaissé/).fill('5,5x');
  await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await expect(sheet.getByRole('alert')).toContainText('Un montant est attendu');
  await expectAboveConfirm(sheet, sheet.getByRole('alert'));
  await sheet.getByLabel(/Encaissé/).fill('5,50');
  await sheet.getByRole('button', { name: /^Moins : refusé/ }).tap();
  await expect(sheet.getByText(/à encaisser/)).toContainText(euros(order.total));
  await expect(sheet.getByLabel(/Encaissé/)).toHaveValue('5,50');
  await more.tap();
  await sheet.getByRole('button', { name: 'Faire signer' }).tap();
  await sign(page, sheet);
  await photograph(sheet, 2400, 1800);
  await expectAccessibleInBothThemes(page, 'feuille');
  await expectLargeTargets(page);
  await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await expect(sheet).toBeHidden();
  await later(page);
  await waiting(page, 0);

  const { items: [told] } = await rest.get(`/orders/${order.id}/tentatives`);
  expect(told).toMatchObject({ resultat: 'partielle', receveur: 'Mme Perrin', montant_encaisse: 5.5 });
  expect(told.lignes[0]).toMatchObject({ remis: 1, refuse: 1, abime: 0, manquant: 0 });
  const { items: proofs } = await rest.get(`/orders/${order.id}/preuves`);
  expect(proofs.map(({ type }) => type).sort()).toEqual(['photo', 'signature']);
  for (const proof of proofs) {
    expect(proof.tentative_id).toBe(told.id);
    expect(proof.taille).toBeLessThanOrEqual(300_000);
  }
  await knownOnce(request, who, line, 1);
});

test('what can be taken back lies over nothing that is pressed @js', async ({ page, request }) => {
  const rest = await program(request);
  const who = await livreur(rest);
  await orders(rest, who, 1, 'en_livraison', { client_nom: `Société ${'très '.repeat(12)}longue` });
  await orders(rest, who, 2, 'en_livraison', { notes: 'Sonner.\n'.repeat(20) });
  await open(page, line, who);
  await deliver(page);
  await expect(page.locator('.undo')).toBeVisible();
  const hit = (name) => page.getByRole('button', { name }).evaluate((button) => {
    const { left, top, width, height } = button.getBoundingClientRect();
    return button.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });
  const names = [/^Annuler/, 'Problème', 'Livrée'];
  const height = await page.evaluate(() => document.body.scrollHeight);
  for (const y of [0, 150, 300, height]) {
    await page.evaluate((to) => scrollTo(0, to), y);
    const thumb = await page.locator('.thumb').boundingBox();
    const undo = await page.locator('.undo').boundingBox();
    expect(thumb.y + thumb.height, `at ${y}`).toBeLessThanOrEqual(undo.y);
    // Scrolled to the end, the next one may have left upwards: under the bar, it is not pressed.
    if (thumb.y > 100) for (const name of names) expect(await hit(name), `${name} at ${y}`).toBe(true);
  }
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  const foot = await page.locator('.foot').boundingBox();
  expect(foot.y + foot.height).toBeLessThanOrEqual((await page.locator('.undo').boundingBox()).y);
  await expectLargeTargets(page);
});

test('a problem is two gestures, and can be tried again @js', async ({ page, request }) => {
  const rest = await program(request);
  const who = await livreur(rest);
  const [order] = await orders(rest, who, 1);
  await open(page, line, who);
  const thumb = page.locator('.thumb');
  await thumb.getByRole('button', { name: 'Problème' }).tap();
  const sheet = page.getByRole('dialog');
  await expectAccessibleInBothThemes(page, 'problème');
  await expectLargeTargets(page);
  // On a low screen the reason is far below what it lacks.
  await page.setViewportSize({ width: 320, height: 400 });
  await expect(sheet.getByText('Note pour le bureau (facultatif)')).toBeVisible();
  await sheet.getByRole('button', { name: 'Autre raison' }).tap();
  await expect(sheet.getByText('Note pour le bureau', { exact: true })).toBeVisible();
  await expect(sheet.getByRole('alert')).toContainText("Dites d'abord");
  await expect(sheet.getByRole('alert')).toBeInViewport({ ratio: 1 });
  await expect(sheet.getByLabel(/Note/)).toBeFocused();
  await page.setViewportSize({ width: 390, height: 844 });
  await sheet.getByLabel(/Note/).fill('Volets fermés');
  await sheet.getByRole('button', { name: 'Client absent' }).tap();
  await expect(sheet).toBeHidden();
  await later(page);
  await waiting(page, 0);
  // It is not done: whoever comes again has the way, the call and the rest at hand.
  await expect(page.getByText('Tournée terminée')).toHaveCount(0);
  await expect(page.getByText(/^Faites/)).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'À représenter (1)' })).toBeVisible();
  const again = card(page, order);
  await again.getByRole('button', { expanded: false }).tap();
  await expect(again).toContainText('client absent');
  await expect(again.locator('.note-amber')).toContainText('Volets fermés');
  for (const words of ['3 rue du Port', 'Code 12B', 'À encaisser', '2 ×']) await expect(again).toContainText(words);
  for (const name of ['Y aller', 'Appeler', 'SMS']) await expect(again.getByRole('link', { name })).toBeVisible();
  await expect(again.getByRole('button', { name: 'Plus tôt' })).toHaveCount(0);
  await expectAccessibleInBothThemes(page, 'à représenter');
  await expectLargeTargets(page);
  await again.getByRole('button', { name: 'Livrée' }).tap();
  await page.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await later(page);
  await waiting(page, 0);
  await expect(page.getByText('Tournée terminée')).toBeVisible();
  expect((await rest.get(`/orders/${order.id}`)).statut).toBe('livree');
  await knownOnce(request, who, line, 2);
});

test('nothing handed over leads to the problem, with what was told of the lines @js', async ({ page, request }) => {
  const rest = await program(request);
  const who = await livreur(rest);
  const [first, second] = await orders(rest, who, 2);
  await open(page, line, who);
  const sheet = page.getByRole('dialog');
  await page.locator('.thumb').getByRole('button', { name: 'Livrée' }).tap();
  await sheet.getByRole('button', { name: /Tout est remis/ }).tap();
  await sheet.getByRole('button', { name: /^Plus : abîmé/ }).tap();
  await expect(sheet.getByRole('button', { name: 'Dire le problème' })).toHaveCount(0);
  await sheet.getByRole('button', { name: /^Plus : manquant/ }).tap();
  await expectAboveConfirm(sheet, sheet.getByRole('button', { name: 'Dire le problème' }));
  await sheet.getByRole('button', { name: 'Dire le problème' }).tap();
  await expect(sheet).toContainText('quantités refusées, abîmées et manquantes sont gardées');
  await expectAccessibleInBothThemes(page, 'problème avec quantités');
  await sheet.getByRole('button', { name: 'Marchandise endommagée' }).tap();
  // Of the next one nothing was told: one press on the reason, and all of it is damaged.
  await expect(page.locator('.next-who')).toHaveText(second.client_nom);
  await page.locator('.thumb').getByRole('button', { name: 'Problème' }).tap();
  await expect(sheet).not.toContainText('sont gardées');
  await sheet.getByRole('button', { name: 'Marchandise endommagée' }).tap();
  await later(page);
  await waiting(page, 0);
  const told = async ({ id }) => (await rest.get(`/orders/${id}/tentatives`)).items[0];
  expect(await told(first)).toMatchObject({ resultat: 'echec', motif: 'endommage', lignes: [{ remis: 0, refuse: 0, abime: 1, manquant: 1 }] });
  expect(await told(second)).toMatchObject({ resultat: 'echec', motif: 'endommage', lignes: [{ remis: 0, refuse: 0, abime: 2, manquant: 0 }] });
  await knownOnce(request, who, line, 2);
});

test('it is for livreurs, and a livreur gets no further @js', async ({ page, context }) => {
  for (const role of ['admin', 'controleur', 'lecture']) {
    await signedInAs(page, role);
    expect((await page.goto('/livreur')).status(), role).toBe(403);
    expect((await page.request.get('/livreur/donnees')).status(), role).toBe(403);
    await signedOut(page);
  }
  expect((await page.request.get('/livreur', { maxRedirects: 0 })).headers().location).toBe('/connexion?suite=%2Flivreur');
  expect((await page.request.get('/livreur/donnees')).status()).toBe(401);
  await signedInAs(page, 'livreur');
  for (const path of ['/', '/stocks', '/clients', '/utilisateurs', '/tournees', '/journal', '/commandes/preparation', '/commandes']) {
    expect((await page.goto(path)).status(), path).toBe(403);
    await expect(page.locator('main').getByRole('link')).toHaveText(['Ma tournée']);
  }
  await page.locator('a[href="/livreur"]:visible').first().tap();
  await expect(page.getByRole('heading', { level: 1, name: 'Ma tournée' })).toBeVisible();
});
