// The catalogue: products, categories, files of products. With and without JavaScript where both do it.
import { accounts, expect, expectAccessibleInBothThemes, signIn, test, wokenUp } from './support.mjs';

const unique = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;

async function enter(page, path, account) {
  await page.goto(path);
  await signIn(page, account);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

async function addProduct(page, nom, more = {}) {
  await page.goto('/produits/nouveau');
  await page.locator('#produit-nom').fill(nom);
  await page.locator('#produit-categorie').selectOption({ index: 1 });
  await page.locator('#produit-prix').fill(more.prix ?? '12,00');
  if (more.reference) await page.locator('#produit-reference').fill(more.reference);
  await page.locator('#produit-stock').fill(more.stock ?? '12');
  await page.locator('#produit-seuil').fill('3');
  await page.getByRole('button', { name: 'Ajouter le produit' }).click();
  await expect(page).toHaveURL(/\/produits\/\d+$/);
  return page.url();
}

test('a product is entered, found, changed, withdrawn', async ({ page, javaScriptEnabled }) => {
  const nom = `Confiture ${unique()}`;
  await enter(page, '/produits', accounts.controleur);
  await page.goto('/produits/nouveau');
  await wokenUp(page);
  // Everything that is wrong at once, nothing lost.
  await page.locator('#produit-prix').fill('cher');
  await page.getByRole('button', { name: 'Ajouter le produit' }).click();
  await expect(page.locator('#produit-nom-erreur')).toBeVisible();
  await expect(page.locator('#produit-prix-erreur')).toBeVisible();
  await expect(page.locator('#produit-prix')).toHaveValue('cher');
  if (javaScriptEnabled) await expect(page.locator('#produit-nom')).toBeFocused();
  await page.locator('#produit-nom').fill(nom);
  await page.locator('#produit-categorie').selectOption({ index: 1 });
  await page.locator('#produit-prix').fill('12,00');
  await page.locator('#produit-stock').fill('12');
  await page.getByRole('button', { name: 'Ajouter le produit' }).click();
  await expect(page).toHaveURL(/\/produits\/\d+$/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(nom);
  await expect(page.getByRole('img', { name: /12 en stock/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Historique' })).toContainText('Création');
  const at = page.url();

  await page.goto(`/produits?search=${encodeURIComponent(nom)}`);
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await page.goto(`/produits?search=${encodeURIComponent(nom)}&prix_min=13`);
  await expect(page.getByText('Rien ne correspond parmi les produits').first()).toBeVisible();

  await page.goto(`${at}/modifier`);
  await wokenUp(page);
  await page.locator('#produit-prix').fill('13,50');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page).toHaveURL(at);
  await expect(page.getByRole('region', { name: 'Fiche' })).toContainText('13,50');
  const history = page.getByRole('region', { name: 'Historique' });
  await expect(history.locator('.change', { hasText: 'Prix TTC' }).first()).toContainText('12,00');
  await wokenUp(page);
  await page.getByRole('button', { name: 'Retirer de la vente' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Retiré');
});

test('the list filters, sorts and pages by its address', async ({ page }) => {
  await enter(page, '/produits?is_active=true&sort=-prix&per_page=20', accounts.lecture);
  await expect(page.locator('tbody tr').first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'En vente' })).toHaveAttribute('aria-current', 'page');
  await expect(page.locator('th[aria-sort="descending"]')).toContainText('Prix');
  await expect(page.getByRole('link', { name: 'Nouveau produit' })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Supprimés' })).toHaveCount(0);
  await page.getByRole('searchbox').fill('huile');
  await page.getByRole('button', { name: 'Filtrer' }).click();
  await expect(page).toHaveURL(/search=huile/);
  await expect(page.locator('tbody tr').first()).toContainText(/huile/i);
  await expectAccessibleInBothThemes(page, '/produits');
});

test('a product is deleted and brought back', async ({ page }) => {
  const nom = `Tisane ${unique()}`;
  await enter(page, '/produits', accounts.admin);
  const at = await addProduct(page, nom);
  await wokenUp(page);
  await page.getByRole('button', { name: 'Supprimer' }).click();
  await expect(page.getByText('Ce produit est supprimé')).toBeVisible();
  await page.goto(`/produits?is_deleted=true&search=${encodeURIComponent(nom)}`);
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await page.goto(at);
  await wokenUp(page);
  await page.getByRole('button', { name: 'Restaurer' }).click();
  await expect(page.getByText('Ce produit est supprimé')).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('En vente');
});

test('several at once, each with its outcome @js', async ({ page }) => {
  const stamp = unique();
  await enter(page, '/produits', accounts.admin);
  await addProduct(page, `Lot A ${stamp}`);
  await addProduct(page, `Lot B ${stamp}`);
  await page.goto(`/produits?search=${stamp}`);
  await wokenUp(page);
  await page.getByRole('checkbox', { name: 'Tout sélectionner sur cette page' }).check();
  const bar = page.getByRole('region', { name: 'Actions sur la sélection' });
  await bar.getByRole('button', { name: 'Retirer de la vente' }).click();
  await expect(page.locator('tbody tr', { hasText: 'Retiré' })).toHaveCount(2);
  await page.getByRole('checkbox', { name: 'Tout sélectionner sur cette page' }).check();
  await bar.getByRole('button', { name: 'Supprimer' }).click();
  await expect(page.getByText('Rien ne correspond parmi les produits').first()).toBeVisible();
  await page.locator('.toast').getByRole('button', { name: 'Annuler' }).click();
  await expect(page.locator('tbody tr')).toHaveCount(2);
});

test('the panel asks before it throws away, and two who write at once both see it @js', async ({ page, context }) => {
  const nom = `Sirop ${unique()}`;
  await enter(page, '/produits', accounts.admin);
  const at = await addProduct(page, nom, { prix: '5,00' });
  await page.goto(at);
  await wokenUp(page);
  await page.getByRole('link', { name: 'Modifier' }).click();
  const panel = page.getByRole('dialog');
  await panel.locator('#produit-prix').fill('6,00');
  page.once('dialog', (dialog) => dialog.dismiss());
  await page.keyboard.press('Escape');
  await expect(panel.locator('#produit-prix')).toHaveValue('6,00');

  const other = await context.newPage();
  await other.goto(`${at}/modifier`);
  await wokenUp(other);
  await other.locator('#produit-prix').fill('7,00');
  await other.locator('#produit-seuil').fill('9');
  await other.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(other).toHaveURL(at);
  await other.close();

  await panel.getByRole('button', { name: 'Enregistrer' }).click();
  const conflict = panel.getByRole('alert');
  await expect(conflict).toContainText('Quelqu');
  await expect(conflict.getByRole('button', { name: '6,00' })).toBeVisible();
  await expect(panel.locator('#produit-seuil')).toHaveValue('9');
  await expectAccessibleInBothThemes(page, 'conflict');
  await conflict.getByRole('button', { name: '7,00' }).click();
  await expect(panel.locator('#produit-prix')).toHaveValue('7,00');
  await conflict.getByRole('button', { name: '6,00' }).click();
  await panel.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Fiche' })).toContainText('6,00');
  await expectAccessibleInBothThemes(page, '/produits/:id');
});

test('the panel enters a product beside the list @js', async ({ page }) => {
  const nom = `Sablés ${unique()}`;
  await enter(page, '/produits', accounts.controleur);
  await wokenUp(page);
  await page.getByRole('link', { name: 'Nouveau produit' }).click();
  const panel = page.getByRole('dialog');
  await panel.locator('#produit-nom').fill(nom);
  await panel.locator('#produit-categorie').selectOption({ index: 1 });
  await panel.locator('#produit-prix').fill('3,20');
  await expect(panel.locator('.product-split')).toContainText('HT');
  await panel.getByRole('button', { name: 'Ajouter le produit' }).click();
  await expect(page).toHaveURL(/\/produits\/\d+$/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(nom);
});

test('a category is entered, renamed, moved, deleted, brought back', async ({ page, javaScriptEnabled }) => {
  const nom = `Cave ${unique()}`;
  await enter(page, '/categories', accounts.admin);
  await page.goto('/categories?modifier=nouvelle');
  await wokenUp(page);
  await page.locator('#categorie-nom').fill(nom);
  await page.getByRole('button', { name: 'Ajouter la catégorie' }).click();
  const row = (name) => page.locator('tbody tr', { hasText: name });
  await expect(row(nom)).toBeVisible();
  await row(nom).getByRole('link', { name: `Modifier ${nom}` }).click();
  await page.locator('#categorie-nom').fill(`${nom} bis`);
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(row(`${nom} bis`)).toBeVisible();
  const place = () => page.locator('tbody tr').evaluateAll((rows, name) => rows.findIndex((r) => r.textContent.includes(name)), nom);
  const before = await place();
  await page.getByRole('button', { name: `Monter ${nom} bis` }).click();
  await expect.poll(place).toBe(before - 1);
  if (javaScriptEnabled) await expect(page.getByText(new RegExp(`${nom} bis : place ${before} sur`))).toHaveCount(1);
  await page.reload();
  await expect.poll(place).toBe(before - 1);
  await wokenUp(page);
  await page.getByRole('button', { name: `Supprimer ${nom} bis` }).click();
  if (javaScriptEnabled) {
    await expect(row(nom)).toHaveCount(0);
    await page.locator('.toast').getByRole('button', { name: 'Annuler' }).click();
  } else {
    await page.getByRole('button', { name: `Restaurer ${nom} bis` }).click();
  }
  await expect(row(nom)).toBeVisible();
  // One that has products stays, and says why.
  await wokenUp(page);
  const filled = page.locator('tbody tr').filter({ hasNotText: /\s[01] produit/ }).first();
  await filled.getByRole('button', { name: /^Supprimer/ }).click();
  await expect(page.getByRole('alert')).toContainText('contient encore');
  await page.goto('/categories?modifier=nouvelle');
  await expectAccessibleInBothThemes(page, '/categories');
});

test('categories are put in order by dragging @js', async ({ page }) => {
  await enter(page, '/categories', accounts.admin);
  await wokenUp(page);
  const names = () => page.locator('tbody th').allInnerTexts();
  const before = await names();
  const grip = (at) => page.locator('.category-grip').nth(at).boundingBox();
  const drag = async (from, to) => {
    const [a, b] = [await grip(from), await grip(to)];
    await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
    await page.mouse.down();
    await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 5 });
    const saved = page.waitForResponse(/reorder_categories/);
    await page.mouse.up();
    await saved;
  };
  await drag(0, 2);
  const moved = [before[1], before[2], before[0], ...before.slice(3)];
  expect(await names()).toEqual(moved);
  await page.reload();
  expect(await names()).toEqual(moved);
  await wokenUp(page);
  await drag(2, 0);
  expect(await names()).toEqual(before);
  // A refusal puts them back.
  await page.route('**/_fn/reorder_categories', (route) => route.abort());
  await page.getByRole('button', { name: `Descendre ${before[0]}` }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  expect(await names()).toEqual(before);
});

test('a file is looked at, imported, taken back', async ({ page, javaScriptEnabled }) => {
  const stamp = unique();
  await enter(page, '/produits/import', accounts.controleur);
  await wokenUp(page);
  const category = await page.request.get('/exports/categories?format=csv');
  expect(category.ok()).toBe(true);
  const first = (await category.text()).split('\n')[1].split(';')[1].replaceAll('"', '');
  const file = (text) => ({ name: `${stamp}.csv`, mimeType: 'text/csv', buffer: Buffer.from(text) });
  const look = async (text) => {
    await page.locator('#fichier').setInputFiles(file(text));
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
  };
  await look(`Référence;Nom;Catégorie;Prix TTC\nA-${stamp};Neuf ${stamp};${first};quatre\n`);
  await expect(page.getByRole('region', { name: /Aperçu/ })).toContainText('Erreur');
  await expect(page.getByRole('button', { name: /^(Importer|Rien)/ })).toBeDisabled();
  await look(`Référence;Nom;Catégorie;Prix TTC\nA-${stamp};Neuf ${stamp};${first};4,20\nB-${stamp};Autre ${stamp};${first};5\n`);
  const preview = page.getByRole('region', { name: /Aperçu/ });
  await expect(preview).toContainText('Créé');
  await expect(preview).toContainText('4,20');
  if (javaScriptEnabled) {
    await preview.getByRole('button', { name: /Créés/ }).click();
    await expect(preview.locator('tbody tr')).toHaveCount(2);
  }
  await expectAccessibleInBothThemes(page, '/produits/import');
  await page.getByRole('button', { name: 'Importer 2 produits' }).click();
  const past = page.locator('.table-imports tbody tr', { hasText: stamp });
  await expect(past).toBeVisible();
  if (javaScriptEnabled) await page.locator('.toast').getByRole('button', { name: 'Fermer' }).click();
  await past.getByRole('button', { name: /Annuler l'import/ }).click();
  await expect(past).toContainText('Annulé le');
});

test('a preview is read whole on a phone, and a long reference leaves room for what changes @js', async ({ page }) => {
  await enter(page, '/produits/import', accounts.controleur);
  await wokenUp(page);
  const reference = 'R'.repeat(64);
  const text = `Référence;Nom;Catégorie;Prix TTC\n${reference};Neuf;;quatre\n`;
  await page.locator('#fichier').setInputFiles({ name: 'longue.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  const frame = page.locator('.table-import');
  const row = frame.locator('tbody tr');
  await expect(row).toContainText(reference);
  await page.setViewportSize({ width: 1440, height: 900 });
  const changes = row.locator('.import-changes');
  expect((await changes.boundingBox()).width).toBeGreaterThan((await row.locator('th').boundingBox()).width);
  for (const width of [320, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await expect(row).toContainText('Ligne 2');
    expect(await frame.evaluate((box) => box.scrollWidth - box.clientWidth), `${width}`).toBeLessThanOrEqual(0);
    await expect(frame).toHaveCSS('max-height', 'none');
    const { x, width: wide } = await changes.boundingBox();
    expect(x + wide, `${width}`).toBeLessThanOrEqual(width);
  }
  await expectAccessibleInBothThemes(page, 'aperçu au téléphone');
});

test('who may not write is refused by the server', async ({ page }) => {
  await enter(page, '/produits', accounts.livreur);
  // What one may not see is not asked for either.
  await expect(page.getByRole('region', { name: 'Produits' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Stock' })).toHaveCount(0);
  await expect(page.getByLabel('Stock', { exact: true })).toHaveCount(0);
  await expect(page.getByText('Exporter')).toHaveCount(0);
  for (const path of ['/produits/nouveau', '/produits/import']) {
    const answer = await page.goto(path);
    expect(answer.status()).toBe(403);
  }
});
