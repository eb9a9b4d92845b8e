// What is chosen, ticked, typed, unfolded before the page wakes up counts once it has: nothing is asked twice.
import { expect, keepAsleep, openAsleep, program, signedInAs, test, unique, wokenUp } from './support.mjs';

test.setTimeout(120_000);

async function product(rest, more = {}) {
  const categories = await rest.get('/categories/all');
  const data = { nom: unique('Endormi'), prix: '4.50', category_id: categories.items[0].id, stock_initial: 10, ...more };
  return rest.post('/products', data);
}

async function order(rest, more = {}) {
  const { items } = await rest.get('/products?search=HUI-OLI-50');
  const data = { client_nom: unique('Endormi'), items: [{ product_id: items[0].id, quantity: 1 }], ...more };
  return rest.post('/orders', data);
}

// Opens a page as the controleur, does something, and lets the page wake up.
async function before(page, path, act) {
  await signedInAs(page, 'controleur');
  const wake = await keepAsleep(page);
  await openAsleep(page, path);
  await act();
  wake();
  await wokenUp(page);
}

test('filters chosen early filter @js', async ({ page }) => {
  await before(page, '/commandes?livreur_id=none', async () => {
    await page.locator('#livreur_id').selectOption('');
    await page.getByRole('searchbox').fill('CMD');
  });
  await expect(page).toHaveURL(/\/commandes\?search=CMD$/);
  await expect(page.getByRole('searchbox')).toHaveValue('CMD');
  await expect(page.getByRole('group', { name: 'Filtres actifs' })).toContainText('« CMD »');
});

test('two selects chosen early both count @js', async ({ page }) => {
  await before(page, '/produits', async () => {
    await page.locator('#stock_statut').selectOption('ok');
    await page.locator('#category_id').selectOption({ index: 1 });
  });
  await expect(page).toHaveURL(/stock_statut=ok/);
  await expect(page).toHaveURL(/category_id=\d+/);
  await expect(page.locator('#stock_statut')).toHaveValue('ok');
  await expect(page.getByRole('group', { name: 'Filtres actifs' }).getByRole('link')).toHaveCount(3);
});

test('rows ticked early are chosen @js', async ({ page, request }) => {
  const rest = await program(request);
  const name = unique('Cochées');
  const made = [await order(rest, { client_nom: name }), await order(rest, { client_nom: name })];
  await before(page, `/commandes?search=${encodeURIComponent(name)}`, async () => {
    for (const { numero } of made) await page.getByLabel(`Sélectionner ${numero}`).check();
  });
  const bar = page.getByRole('region', { name: 'Actions sur la sélection' });
  await expect(bar).toContainText(/^2\scommandes choisies/);
  for (const { numero } of made) await expect(page.getByLabel(`Sélectionner ${numero}`)).toBeChecked();
  await expect(page.getByLabel('Tout sélectionner sur cette page')).toBeChecked();
});

test('a form filled in early is saved as it stands @js', async ({ page, request }) => {
  const rest = await program(request);
  const nom = unique('Fait tôt');
  await before(page, '/produits/nouveau', async () => {
    await page.locator('#produit-nom').fill(nom);
    await page.locator('#produit-categorie').selectOption({ index: 2 });
    await page.locator('#produit-prix').fill('12,00');
    await page.locator('#produit-vente').selectOption('false');
    await page.locator('#produit-description').fill('Deux\nlignes');
  });
  await expect(page.locator('.product-split')).toContainText('HT');
  const wanted = Number(await page.locator('#produit-categorie').inputValue());
  // What was typed is guarded as if it had been typed now.
  let asked = 0;
  page.on('dialog', (dialog) => { asked += 1; dialog.dismiss(); });
  await page.getByRole('link', { name: 'Annuler' }).click();
  await expect.poll(() => asked).toBe(1);
  await expect(page.locator('#produit-nom')).toHaveValue(nom);
  await page.getByRole('button', { name: 'Ajouter le produit' }).click();
  await expect(page).toHaveURL(/\/produits\/\d+$/);
  const saved = await rest.get(`/products/${page.url().split('/').pop()}`);
  expect([saved.category_id, saved.is_active, saved.description]).toEqual([wanted, false, 'Deux\nlignes']);
});

test('a field emptied early is empty @js', async ({ page, request }) => {
  const rest = await program(request);
  const { id } = await product(rest, { description: 'À effacer' });
  await before(page, `/produits/${id}/modifier`, () => page.locator('#produit-description').fill(''));
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page).toHaveURL(/\/produits\/\d+$/);
  expect((await rest.get(`/products/${id}`)).description).toBeNull();
});

test('the kind of a movement chosen early is the kind @js', async ({ page, request }) => {
  const rest = await program(request);
  const { id } = await product(rest);
  await before(page, `/stocks/${id}`, async () => {
    await page.locator('#mouvement label', { hasText: 'Sortie' }).click();
    await page.locator('#quantite').fill('4');
  });
  await expect(page.locator('.stock-preview')).toContainText('6');
  await page.getByRole('button', { name: 'Enregistrer la sortie' }).click();
  await expect.poll(async () => (await rest.get(`/stocks/${id}`)).quantite).toBe(6);
});

test('an order given to somebody early is theirs @js', async ({ page, request }) => {
  const rest = await program(request);
  const day = new Date(Date.UTC(2040, 0, 1 + Math.floor(Math.random() * 18000))).toISOString().slice(0, 10);
  const made = await order(rest, { confirmer: true, date_livraison_prevue: day });
  await before(page, `/tournees?jour=${day}`, () => page.getByLabel(`Confier ${made.numero} à`).selectOption({ index: 1 }));
  await expect(page.locator('.lane').nth(1)).toContainText(made.numero);
  await expect.poll(async () => (await rest.get(`/orders/${made.id}`)).livreur_id).not.toBeNull();
});

test('a reason typed early stays under the hand @js', async ({ page, request }) => {
  const made = await order(await program(request));
  await before(page, `/commandes/${made.id}`, async () => {
    await page.locator('summary', { hasText: 'Annuler la commande' }).click();
    await page.getByLabel('Motif').fill('Le client a changé d’avis');
  });
  await expect(page.getByLabel('Motif')).toBeFocused();
  await expect(page.getByLabel('Motif')).toHaveValue('Le client a changé d’avis');
  await page.locator('.order-cancel').getByRole('button', { name: 'Annuler la commande' }).click();
  await expect(page.locator('.page-head')).toContainText('Annulée');
  await expect(page.getByText('Le client a changé d’avis').first()).toBeVisible();
});

test('a file chosen early is looked at @js', async ({ page }) => {
  const file = { name: 'tot.csv', mimeType: 'text/csv', buffer: Buffer.from('Référence;Nom\nA;B\n') };
  await before(page, '/produits/import', () => page.locator('#fichier').setInputFiles(file));
  await expect(page.getByRole('region', { name: /Aperçu/ }).or(page.getByRole('alert')).first()).toBeVisible();
});

test('an order begun early is understood @js', async ({ page }) => {
  await before(page, '/commandes/nouvelle', async () => {
    await page.locator('#client_nom').fill('Odile Marchand');
    await page.getByLabel('Article, ligne 1').fill('3x HUI-OLI-50');
    await page.getByLabel('Quantité, ligne 2').focus();
  });
  await expect(page.getByLabel('Quantité, ligne 1')).toHaveValue('3');
  await expect(page.getByTestId('total')).not.toHaveText(/^0,00/);
  // Nothing opens where nobody is, and the cursor stays.
  await expect(page.locator('.suggest-list:visible')).toHaveCount(0);
  await expect(page.getByLabel('Quantité, ligne 2')).toBeFocused();
  let asked = 0;
  page.on('dialog', (dialog) => { asked += 1; dialog.dismiss(); });
  await page.locator('.side-nav').getByRole('link', { name: 'Clients' }).click();
  await expect.poll(() => asked).toBe(1);
  await expect(page.locator('#client_nom')).toHaveValue('Odile Marchand');
});
