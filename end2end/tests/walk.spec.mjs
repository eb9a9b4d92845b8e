// The whole walk: sign in, enter an order, see it delivered, find it in the turnover. The same
// steps with and without JavaScript.
import { accounts, expect, figure, patient, signIn, test } from './support.mjs';

async function turnover(page) {
  await page.goto('/');
  const kpi = (name) => page.getByRole('article', { name, exact: true }).locator('.kpi-value');
  return {
    amount: figure(await kpi("Chiffre d'affaires").innerText()),
    orders: figure(await kpi('Commandes').innerText()),
  };
}

test('from signing in to the turnover', async ({ page, javaScriptEnabled }) => {
  await page.goto('/commandes');
  await expect(page).toHaveURL(/\/connexion\?suite=%2Fcommandes$/);
  await signIn(page, [accounts.admin[0], 'mauvais']);
  await expect(page.getByRole('alert')).toContainText('E-mail ou mot de passe incorrect');
  await expect(page.getByLabel('Adresse e-mail')).toHaveValue(accounts.admin[0]);
  await expect(page.getByLabel('Mot de passe')).toHaveValue('');
  await signIn(page, accounts.admin);
  await expect(page).toHaveURL(/\/commandes$/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Commandes');

  const before = await turnover(page);

  await page.goto('/commandes/nouvelle');
  if (javaScriptEnabled) {
    // Hydrated, the list of articles becomes a box of suggestions.
    await expect(page.locator('#ligne-0-article:not([list])')).toBeVisible(patient);
    await page.locator('#client_nom').fill('Odile Marchand');
    await page.getByLabel('Téléphone').fill('06 39 98 77 01');
    await page.getByLabel('Article, ligne 1').pressSequentially('3x HUI-OLI-50');
    await page.keyboard.press('Enter');
    await page.getByLabel('Article, ligne 2').pressSequentially('huile');
    await page.keyboard.press('Enter');
    await page.getByLabel('Quantité, ligne 2').fill('2');
  } else {
    await page.locator('#client_nom').fill('Odile Marchand');
    await page.getByLabel('Téléphone').fill('06 39 98 77 01');
    await page.getByLabel('Article, ligne 1').fill('3x HUI-OLI-50');
    await page.getByLabel('Article, ligne 2').fill('Huile de noix 25 cl');
    await page.getByLabel('Quantité, ligne 2').fill('2');
  }
  await page.getByRole('button', { name: 'Confirmer' }).click();

  await expect(page).toHaveURL(/\/commandes\/\d+$/);
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toContainText(/CMD-\d{8}-\d{6}/);
  const numero = (await heading.innerText()).match(/CMD-\d{8}-\d{6,}/)[0];
  const header = page.locator('.page-head');
  await expect(header).toContainText('Confirmée');

  await page.getByRole('button', { name: 'Préparer' }).click();
  await expect(header).toContainText('En préparation');
  await expect(page.getByRole('button', { name: 'Expédier' })).toBeDisabled();
  await page.locator('#livreur_id').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Assigner' }).click();
  await expect(page.getByRole('button', { name: 'Changer' })).toBeVisible();
  await page.getByRole('button', { name: 'Expédier' }).click();
  await expect(header).toContainText('En livraison');
  await page.getByRole('button', { name: 'Marquer livrée' }).click();
  await expect(header).toContainText('Livrée');
  await expect(page.getByText('Livrée au client')).toBeVisible();
  const total = figure(await page.locator('tr.order-sum td').last().innerText());
  expect(total).toBeGreaterThan(0);

  await page.goto(`/commandes?search=${numero}`);
  await expect(page.getByRole('link', { name: numero, exact: true })).toBeVisible();

  const after = await turnover(page);
  expect(after.orders).toBe(before.orders + 1);
  expect(Math.abs(after.amount - before.amount - total)).toBeLessThan(0.005);
});

test('a refusal keeps everything that was typed', async ({ page, javaScriptEnabled }) => {
  await page.goto('/commandes/nouvelle');
  await signIn(page, accounts.controleur);
  await expect(page).toHaveURL(/\/commandes\/nouvelle$/);
  if (javaScriptEnabled) await expect(page.locator('#ligne-0-article:not([list])')).toBeVisible(patient);
  await page.locator('#client_nom').fill('Client très patient');
  await page.locator('#notes').fill('Sonner\ndeux fois');
  await page.getByLabel('Article, ligne 1').fill('HUI-OLI-50');
  if (javaScriptEnabled) await page.getByLabel('Article, ligne 1').press('Enter');
  await page.getByLabel('Quantité, ligne 1').fill('90000');
  await page.getByRole('button', { name: 'Confirmer' }).click();
  await expect(page.getByText(/Plus que|Stock insuffisant/).first()).toBeVisible();
  await expect(page).toHaveURL(/\/commandes\/nouvelle$/);
  await expect(page.locator('#client_nom')).toHaveValue('Client très patient');
  await expect(page.locator('#notes')).toHaveValue('Sonner\ndeux fois');
  await expect(page.getByLabel('Quantité, ligne 1')).toHaveValue('90000');
  await page.getByLabel('Quantité, ligne 1').fill('1');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page).toHaveURL(/\/commandes\/\d+$/);
  await expect(page.locator('.page-head')).toContainText('Brouillon');
});

test('the list filters by its address alone', async ({ page }) => {
  await page.goto('/commandes?statut=livree&sort=-total');
  await signIn(page, accounts.lecture);
  await expect(page).toHaveURL(/statut=livree/);
  const rows = page.locator('tbody tr');
  await expect(rows.first()).toBeVisible();
  for (const row of await rows.all()) await expect(row).toContainText('Livrée');
});

test('what a role may not see is refused by the server', async ({ page }) => {
  await page.goto('/');
  await signIn(page, accounts.livreur);
  await expect(page).toHaveURL(/\/livreur$/);
  const answer = await page.goto('/');
  expect(answer.status()).toBe(403);
  const entry = await page.goto('/commandes/nouvelle');
  expect(entry.status()).toBe(403);
  await expect(page.getByRole('navigation').first()).not.toContainText('Tableau de bord');
});

test('signing out ends the session', async ({ page, context }) => {
  await page.goto('/connexion');
  await signIn(page, accounts.lecture);
  await expect(page).toHaveURL(/\/$/);
  const cookie = (await context.cookies()).find((c) => c.name === 'session');
  expect(cookie.httpOnly).toBe(true);
  expect(cookie.sameSite).toBe('Lax');
  await page.getByRole('button', { name: /^Compte/ }).or(page.locator('summary[aria-label^="Compte"]')).first().click();
  await page.getByRole('button', { name: 'Se déconnecter' }).click();
  await expect(page).toHaveURL(/\/connexion$/);
  await page.goto('/');
  await expect(page).toHaveURL(/\/connexion$/);
});
