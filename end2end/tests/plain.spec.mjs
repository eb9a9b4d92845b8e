// Without JavaScript: what is read is in the first HTML, what narrows it is a link or a plain form, what changes it
// is a plain form. (The other files run here too, but for what they tag @js.)
import { accounts, expect, figure, program, signedInAs, signIn, test, unique } from './support.mjs';

async function order(rest, client_nom, more = {}) {
  const { items } = await rest.get('/products?search=HUI-OLI-50');
  return rest.post('/orders', { client_nom, items: [{ product_id: items[0].id, quantity: 1 }], ...more });
}

test('one signs in, is refused, and gets where one wanted to go', async ({ page }) => {
  await page.goto('/produits?is_active=true');
  await expect(page).toHaveURL(/\/connexion\?suite=/);
  await signIn(page, [accounts.lecture[0], 'faux']);
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('Adresse e-mail')).toHaveValue(accounts.lecture[0]);
  await signIn(page, accounts.lecture);
  await expect(page).toHaveURL(/\/produits\?is_active=true$/);
  await expect(page.locator('tbody tr').first()).toBeVisible();
});

test('the dashboard is read, for any period', async ({ page }) => {
  await signedInAs(page, 'lecture');
  await page.goto('/');
  const value = page.getByRole('article', { name: 'Commandes', exact: true }).locator('.kpi-value');
  expect(figure(await value.innerText())).toBeGreaterThan(0);
  await expect(page.locator('svg').first()).toBeVisible();
  await page.locator('summary', { hasText: 'jour par jour' }).click();
  await expect(page.locator('details.chart-table tbody tr').first()).toBeVisible();
  await page.locator('.period-free > summary').click();
  await page.getByLabel('Du', { exact: true }).fill('2020-01-01');
  await page.getByLabel('Au', { exact: true }).fill('2020-01-31');
  await page.getByRole('button', { name: 'Afficher' }).click();
  await expect(page).toHaveURL(/start_date=2020-01-01/);
  await expect(value).toHaveText('0');
});

test('orders are searched, filtered, sorted, paged and taken away as a file', async ({ page, request }) => {
  const rest = await program(request);
  const name = unique('Sans script');
  for (let n = 0; n < 21; n += 1) await order(rest, name);
  await signedInAs(page, 'controleur');
  await page.goto('/commandes?per_page=20');
  await page.getByRole('searchbox').fill(name);
  await page.locator('#livreur_id').selectOption('none');
  await page.getByRole('button', { name: 'Filtrer' }).click();
  await expect(page).toHaveURL(/livreur_id=none/);
  await expect(page.locator('tbody tr')).toHaveCount(20);
  await page.getByRole('link', { name: 'Page suivante' }).click();
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await page.getByRole('link', { name: /^Total/ }).click();
  await expect(page).toHaveURL(/sort=-?total/);
  await expect(page.locator('tbody tr')).toHaveCount(20);
  await page.getByRole('navigation', { name: 'Commandes par statut' }).getByRole('link', { name: /^Confirmées/ }).click();
  await expect(page.locator('.empty-title')).toContainText('Rien ne correspond');
  await page.goBack();
  // A page behind the last one leads back to it.
  const beyond = new URL(page.url());
  beyond.searchParams.set('page', '9');
  await page.goto(beyond.href);
  await expect(page.locator('.empty-title')).toHaveText("Il n'y a plus rien sur cette page");
  await page.getByRole('link', { name: 'Voir la dernière page' }).click();
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await page.locator('summary', { hasText: 'Exporter' }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^CSV/ }).click()]);
  expect(file.suggestedFilename()).toMatch(/\.csv$/);
});

test('an order goes its way and is given up, by plain forms', async ({ page, request }) => {
  const rest = await program(request);
  const made = await order(rest, unique('Sans script'));
  await signedInAs(page, 'controleur');
  await page.goto(`/commandes/${made.id}`);
  await page.getByRole('button', { name: 'Confirmer' }).click();
  await expect(page.locator('.page-head')).toContainText('Confirmée');
  await page.locator('#livreur_id').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Assigner' }).click();
  await expect(page.getByRole('button', { name: 'Changer' })).toBeVisible();
  // Somebody else is faster: it is said, and what was typed is kept.
  await page.locator('summary', { hasText: 'Annuler la commande' }).click();
  await page.getByLabel('Motif').fill('Le client a changé d’avis');
  await rest.put(`/orders/${made.id}`, { notes: 'Sonner' });
  await page.getByRole('button', { name: 'Annuler la commande' }).click();
  await expect(page.getByRole('alert')).toContainText('entre-temps');
  await expect(page.getByLabel('Motif')).toHaveValue('Le client a changé d’avis');
  await page.getByRole('button', { name: 'Annuler la commande' }).click();
  await expect(page.locator('.page-head')).toContainText('Annulée');
  await expect(page.getByText('Le client a changé d’avis').first()).toBeVisible();
});

test('lines beyond the first five, and a refusal that loses nothing', async ({ page, request }) => {
  const rest = await program(request);
  const name = unique('Long bon');
  await signedInAs(page, 'controleur');
  await page.goto('/commandes/nouvelle');
  await page.locator('#client_nom').fill(name);
  await page.getByLabel('Article, ligne 1').fill('HUI-OLI-50');
  // Enter sends no order: it asks for more lines.
  await page.getByLabel('Article, ligne 1').press('Enter');
  await expect(page.getByLabel('Article, ligne 6')).toBeVisible();
  await expect(page.locator('#client_nom')).toHaveValue(name);
  await page.getByLabel('Article, ligne 6').fill('INCONNU-0');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page.getByText('Aucun article ne correspond à « INCONNU-0 ».')).toBeVisible();
  const unknown = page.locator('[aria-invalid=true]').first();
  await expect(unknown).toHaveValue('INCONNU-0');
  await unknown.fill('4x EPI-SEL-250');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page).toHaveURL(/\/commandes\/\d+$/);
  const saved = await rest.get(`/orders/${page.url().split('/').pop()}`);
  expect(saved.items.map((item) => item.quantity)).toEqual([1, 4]);
});
