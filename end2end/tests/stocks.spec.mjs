// Stocks: moving one in two keys, by plain forms, taking a movement back, setting a threshold against
// somebody who was faster, reading the movements. And the journal.
import { accounts, expect, expectAccessibleInBothThemes, figure, signedOut, signIn, test, wokenUp } from './support.mjs';

// A product of this test alone, with so many on the shelf; made through the REST API.
async function product(request, stock) {
  const login = await request.post('/api/v1/auth/login', {
    data: { email: accounts.admin[0], password: accounts.admin[1] },
  });
  const { access_token: token } = await login.json();
  const headers = { Authorization: `Bearer ${token}` };
  const nom = `Essai stock ${Date.now()}-${Math.floor(Math.random() * 1e6)}`;
  const categories = await (await request.get('/api/v1/categories/all', { headers })).json();
  const made = await request.post('/api/v1/products', {
    headers,
    data: { nom, prix: '4.50', category_id: categories.items[0].id, stock_initial: stock, seuil_alerte: 5 },
  });
  expect(made.status()).toBe(201);
  return { id: (await made.json()).id, nom, headers, category_id: categories.items[0].id };
}

async function open(page, path, account = accounts.controleur) {
  await page.goto(path);
  await signIn(page, account);
  await expect(page).toHaveURL((url) => url.pathname + url.search === path);
  await wokenUp(page);
}

const row = (page, nom) => page.locator('tbody tr', { hasText: nom });

test('two keys move a stock from its row @js', async ({ page, request }) => {
  const { nom } = await product(request, 10);
  await open(page, `/stocks?search=${encodeURIComponent(nom)}`);
  const line = row(page, nom);
  const available = line.locator('.stock-available');
  await expect(available).toHaveText('10');
  const link = line.getByRole('link', { name: nom, exact: true });
  const dialog = page.getByRole('dialog', { name: nom });

  // The page may not have woken up at the first key.
  await expect(async () => {
    await link.focus();
    await page.keyboard.press('e');
    await expect(dialog).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(dialog.getByLabel('Quantité')).toBeFocused();
  await page.keyboard.type('12');
  await expect(dialog.locator('.stock-preview')).toContainText('22');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(available).toHaveText('22');
  await expect(page.locator('.toast')).toContainText('+12, 22 en stock');
  await expect(link).toBeFocused();

  await page.keyboard.press('s');
  await expect(dialog.getByLabel('Quantité')).toBeFocused();
  await page.keyboard.type('30');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(/que 22 de disponibles/)).toBeVisible();
  await expect(dialog.getByLabel('Quantité')).toHaveValue('30');
  await dialog.getByLabel('Quantité').fill('20');
  await page.keyboard.press('Enter');
  await expect(available).toHaveText('2');
  await expect(line).toContainText('Plus que 2');

  await link.focus();
  await page.keyboard.press('c');
  await expect(dialog.getByLabel('Quantité')).toBeFocused();
  await page.keyboard.type('0');
  await page.keyboard.press('Enter');
  await expect(line).toContainText('Rupture');

  // The last one is taken back from where it was announced.
  await page.locator('.toast', { hasText: '0 comptés' }).getByRole('button', { name: 'Annuler' }).click();
  await expect(available).toHaveText('2');
  await expectAccessibleInBothThemes(page, '/stocks');

  await page.keyboard.press('Escape');
  await link.focus();
  await page.keyboard.press('e');
  await expect(dialog).toBeVisible();
  await expectAccessibleInBothThemes(page, 'mouvement');
});

test('the arrows go from row to row @js', async ({ page }) => {
  await open(page, '/stocks');
  const links = page.locator('tbody a.row-target');
  await expect(async () => {
    await links.nth(0).focus();
    await page.keyboard.press('ArrowDown');
    await expect(links.nth(1)).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.press('j');
  await expect(links.nth(2)).toBeFocused();
  await page.keyboard.press('k');
  await expect(links.nth(1)).toBeFocused();
});

test('who restocks row by row keeps the place when a product leaves the tab @js', async ({ page, request }) => {
  const { nom, headers, category_id } = await product(request, 0);
  const [second, third] = [`${nom} bis`, `${nom} ter`];
  for (const name of [second, third]) {
    const data = { nom: name, prix: '4.50', category_id, stock_initial: 0, seuil_alerte: 5 };
    expect((await request.post('/api/v1/products', { headers, data })).status()).toBe(201);
  }
  await open(page, `/stocks?search=${encodeURIComponent(nom)}&statut=rupture&statut=alerte`);
  const links = page.locator('tbody a.row-target');
  await expect(links).toHaveText([nom, second, third]);
  const dialog = page.getByRole('dialog', { name: nom });
  const restock = async () => {
    await expect(dialog.getByLabel('Quantité')).toBeFocused();
    await page.keyboard.type('60');
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
  };
  // The page may not have woken up at the first key.
  await expect(async () => {
    await links.nth(1).focus();
    await page.keyboard.press('e');
    await expect(dialog).toBeVisible({ timeout: 500 });
  }).toPass();
  await restock();
  await expect(links).toHaveText([nom, third]);
  await expect(links.nth(1)).toBeFocused();
  // The last one: the one before it is the last now.
  await page.keyboard.press('e');
  await restock();
  await expect(links).toHaveText([nom]);
  await expect(links).toBeFocused();
});

test('what runs short comes first, and tabs and filters stand in the address', async ({ page }) => {
  await open(page, '/stocks', accounts.lecture);
  const tab = (name) => page.getByRole('navigation', { name: 'Stocks par état' }).getByRole('link', { name });
  await tab(/^Ruptures/).click();
  await expect(page).toHaveURL(/statut=rupture/);
  const rows = page.locator('tbody tr');
  const gone = figure((await tab(/^Ruptures/).locator('.tab-count').innerText()));
  if (gone > 0) for (const line of await rows.all()) await expect(line).toContainText('Rupture');
  await tab(/^Tous/).click();
  await expect(page).toHaveURL(/\/stocks$/);
  await page.getByRole('link', { name: /^Disponible/ }).click();
  await expect(page).toHaveURL(/sort=-disponible/);
  await expect(page.locator('th[aria-sort=descending]')).toContainText('Disponible');
  await expect(page.getByRole('link', { name: /^Entrée/ })).toHaveCount(0);
  // Sorted by what it is worth, the list says so.
  await page.goto('/stocks?sort=-valeur');
  await expect(page.locator('th[aria-sort=descending]')).toContainText('Valeur');
  await expect(page.locator('td.stock-value').first()).toBeVisible();
});

test('the narrowest phone shows the reference and whole buttons', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await open(page, '/stocks?search=HUI-OLI-50');
  await expect(page.locator('.stock-reference').first()).toBeVisible();
  await expect(page.locator('.stock-reference').first()).toContainText('HUI-OLI-50');
  const button = page.locator('.stock-act', { hasText: 'Comptage' }).first();
  const [outer, word] = [await button.boundingBox(), await button.locator('.stock-act-word').boundingBox()];
  expect(word.x - outer.x).toBeGreaterThanOrEqual(4);
  expect(outer.x + outer.width - word.x - word.width).toBeGreaterThanOrEqual(4);
});

test('a stock is moved and a movement taken back on its page', async ({ page, request, javaScriptEnabled }) => {
  const { id, nom } = await product(request, 10);
  await open(page, `/stocks/${id}?mouvement=sortie`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(nom);
  const form = page.locator('#mouvement');
  await expect(form.getByLabel('Sortie')).toBeChecked();
  await form.getByLabel('Quantité').fill('4');
  await form.getByLabel('Motif').fill('Casse au déchargement');
  await form.getByRole('button', { name: 'Enregistrer la sortie' }).click();
  const first = page.locator('.table-movements tbody tr').first();
  await expect(first).toContainText('−4');
  await expect(first).toContainText('Casse au déchargement');
  await expect(page.locator('.stock-now')).toContainText('6');

  await first.getByRole('button', { name: /^Contre-passer/ }).click();
  if (javaScriptEnabled) {
    const dialog = page.getByRole('dialog', { name: 'Contre-passer ce mouvement' });
    await dialog.getByRole('button', { name: 'Contre-passer' }).click();
    await expect(dialog).toBeHidden();
  }
  await expect(first).toContainText('Contre-passation du mouvement');
  await expect(first).toContainText('+4');
  // Taken back once is enough, and what takes back is not taken back.
  await expect(page.getByRole('button', { name: /^Contre-passer (sortie|entrée) [+−]4/ })).toHaveCount(0);

  await page.locator('#mouvement').getByLabel('Quantité').fill('beaucoup');
  await page.locator('#mouvement').getByRole('button', { name: /^Enregistrer/ }).click();
  await expect(page.getByText('Un nombre entier est attendu.')).toBeVisible();
  await expect(page.locator('#quantite')).toHaveValue('beaucoup');
  if (javaScriptEnabled) {
    await expect(page.locator('#quantite')).toBeFocused();
    await expectAccessibleInBothThemes(page, '/stocks/{id}');
  }
});

test('a threshold somebody else has set meanwhile is not overwritten unseen', async ({ page, request, javaScriptEnabled }) => {
  const { id, headers } = await product(request, 10);
  await open(page, `/stocks/${id}`);
  const threshold = page.locator('#seuil_alerte');
  await expect(threshold).toHaveValue('5');
  await request.put(`/api/v1/stocks/${id}`, { headers, data: { seuil_alerte: 8 } });
  await threshold.fill('12');
  await page.getByRole('button', { name: 'Enregistrer le seuil' }).click();
  const notice = page.getByRole('alert');
  await expect(notice).toContainText("Quelqu'un a enregistré entre-temps");
  await expect(notice).toContainText('12');
  await expect(notice).toContainText('8');
  await expect(threshold).toHaveValue('12');
  if (javaScriptEnabled) {
    await notice.getByRole('button', { name: '8', exact: true }).click();
    await expect(threshold).toHaveValue('8');
    await notice.getByRole('button', { name: '12', exact: true }).click();
    await expect(threshold).toHaveValue('12');
  }
  await page.getByRole('button', { name: 'Enregistrer le seuil' }).click();
  await expect(page.locator('.stock-now')).toContainText('12');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('movements are searched and filtered', async ({ page, request, javaScriptEnabled }) => {
  const { nom } = await product(request, 7);
  await open(page, `/stocks/mouvements?search=${encodeURIComponent(nom)}`, accounts.lecture);
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await expect(row(page, nom)).toContainText('+7');
  await expect(row(page, nom)).toContainText('Stock initial');
  await page.locator('#type').selectOption('sortie');
  if (!javaScriptEnabled) await page.getByRole('button', { name: 'Filtrer' }).click();
  await expect(page).toHaveURL(/type=sortie/);
  await expect(page.locator('.empty-title')).toContainText('Rien ne correspond');
  await page.getByRole('link', { name: 'Voir la liste entière' }).click();
  await expect(page.locator('tbody tr').first()).toBeVisible();
  if (javaScriptEnabled) await expectAccessibleInBothThemes(page, '/stocks/mouvements');
});

test('the journal says who changed what, before and after', async ({ page, request, javaScriptEnabled }) => {
  const { id, nom, headers } = await product(request, 3);
  await request.put(`/api/v1/products/${id}`, { headers, data: { prix: '6.20', is_active: false } });
  await open(page, `/journal?table=products&row_id=${id}`, accounts.admin);
  const change = page.locator('.journal-entry', { hasText: 'Modification' }).first();
  await expect(change).toContainText(nom);
  await expect(change.getByRole('row', { name: /Prix TTC/ })).toContainText(/4,50.*6,20/);
  await expect(change.getByRole('row', { name: /En vente/ })).toContainText(/oui.*non/);
  await page.locator('#action').selectOption('creation');
  if (!javaScriptEnabled) await page.getByRole('button', { name: 'Filtrer' }).click();
  await expect(page).toHaveURL(/action=creation/);
  await expect(page.locator('.journal-entry', { hasText: 'Modification' })).toHaveCount(0);
  await page.goto('/journal');
  await page.getByRole('link', { name: 'Changements suivants' }).click();
  await expect(page).toHaveURL(/cursor=/);
  await page.getByRole('link', { name: 'Revenir au début de la liste' }).click();
  await expect(page).toHaveURL(/\/journal$/);
  if (javaScriptEnabled) await expectAccessibleInBothThemes(page, '/journal');
});

test('the journal is for administrators, stocks are not for livreurs', async ({ page }) => {
  await page.goto('/journal');
  await signIn(page, accounts.controleur);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect((await page.goto('/journal')).status()).toBe(403);
  await signedOut(page);
  await page.goto('/produits');
  await signIn(page, accounts.livreur);
  await expect(page).toHaveURL(/\/produits$/);
  expect((await page.goto('/stocks')).status()).toBe(403);
  expect((await page.goto('/stocks/mouvements')).status()).toBe(403);
});
