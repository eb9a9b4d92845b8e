// What is wrong is said in the product's own words, where one looks, and nothing that was typed is lost by it.
import { colleague, unique } from './colleague.mjs';
import { expect, signedInAs, test, wokenUp } from './support.mjs';

test.setTimeout(120_000);

async function open(page, path, role = 'admin') {
  await signedInAs(page, role);
  await page.goto(path);
  await wokenUp(page);
}

test('signing in with nothing typed is told at the boxes', async ({ page }) => {
  await page.goto('/connexion');
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await expect(page.locator('.field', { has: page.getByLabel('Adresse e-mail') })).toContainText('obligatoire');
  await expect(page.locator('.field', { has: page.getByLabel('Mot de passe') })).toContainText('obligatoire');
  await page.getByLabel('Adresse e-mail').fill('pas une adresse');
  await page.getByLabel('Mot de passe').fill('quelque chose');
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await expect(page.getByLabel('Adresse e-mail')).toHaveValue('pas une adresse');
  await expect(page.getByText(/invalide|incorrect/)).toBeVisible();
});

test('a day that does not exist is none, on every page that is about days', async ({ page }) => {
  await open(page, '/commandes?start_date=2026-02-30&search=thé');
  const refused = page.getByRole('alert').filter({ hasText: 'Premier jour' });
  await expect(refused).toBeVisible();
  // The page that has woken up says the same as the server did.
  await expect(page).toHaveURL(/start_date=2026-02-30/);
  await page.goto('/');
  const lead = await page.locator('.page-lead').innerText();
  await page.goto('/?start_date=2026-02-30');
  await wokenUp(page);
  expect(lead.split(' · ')).toHaveLength(2);
  await expect(page.locator('.page-lead')).toHaveText(lead.split(' · ')[1]);
  for (const path of ['/tournees', '/commandes/preparation']) {
    await page.goto(`${path}?jour=2026-02-30`);
    await wokenUp(page);
    await expect(page.getByRole('alert')).toContainText("« 2026-02-30 » n'est pas un jour");
    await page.goto(`${path}?jour=2026-03-01`);
    await expect(page.getByText("n'est pas un jour")).toHaveCount(0);
  }
});

test('an order without articles says what it lacks to be confirmed', async ({ page, request }) => {
  const theirs = await colleague(request);
  const empty = await theirs.call('post', '/orders', { client_nom: unique('Vide'), items: [] });
  await open(page, `/commandes/${empty.id}`);
  await expect(page.getByRole('button', { name: 'Confirmer' })).toBeDisabled();
  await expect(page.getByText("Ajoutez d'abord un article.")).toBeVisible();
  const full = await theirs.order(unique('Pleine'));
  await page.goto(`/commandes/${full.id}`);
  await wokenUp(page);
  await expect(page.getByRole('button', { name: 'Confirmer' })).toBeEnabled();
});

test('all that is wrong with an order is told at once @js', async ({ page }) => {
  await open(page, '/commandes/nouvelle');
  await page.locator('#client_nom').fill(unique('Odile'));
  await page.locator('#client_email').fill('pas une adresse');
  await page.getByLabel('Article, ligne 1').fill('nul article de ce nom');
  await page.getByRole('button', { name: 'Confirmer' }).click();
  await expect(page.getByLabel('Article, ligne 1')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#client_email')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#client_email')).toBeFocused();
});

test('keys that follow each other like those of a scanner go where they are meant @js', async ({ page }) => {
  await open(page, '/commandes/nouvelle');
  await page.getByLabel('Article, ligne 1').focus();
  const { keyboard } = page;
  // Nothing waits for anything between them.
  const keys = [...'HUI-OLI-50', 'Enter', '3', 'Enter', ...'HUI-OLI-50', 'Enter', '1', '2', 'Enter'];
  await Promise.all(keys.map((key) => keyboard.press(key)));
  await expect(page.getByLabel('Quantité, ligne 1')).toHaveValue('3');
  await expect(page.getByLabel('Quantité, ligne 2')).toHaveValue('12');
  await expect(page.getByLabel('Article, ligne 3')).toBeFocused();
  await expect(page.getByLabel('Article, ligne 1')).not.toHaveValue(/[3]$/);
});

test('a quantity typed as a spreadsheet writes it is one', async ({ page, javaScriptEnabled }) => {
  await open(page, '/commandes/nouvelle');
  await page.locator('#client_nom').fill(unique('Tableur'));
  await page.getByLabel('Article, ligne 1').fill('HUI-OLI-50');
  await page.getByLabel('Quantité, ligne 1').fill('3,00');
  if (javaScriptEnabled) await page.getByLabel('Quantité, ligne 1').blur();
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page).toHaveURL(/\/commandes\/\d+$/);
  await expect(page.getByRole('region', { name: 'Articles' })).toContainText('3');
});

test('the reason of a cancellation is not thrown away unasked @js', async ({ page, request }) => {
  const theirs = await colleague(request);
  const order = await theirs.order(unique('Motif'));
  await open(page, `/commandes/${order.id}`);
  const asked = [];
  let answer = 'dismiss';
  page.on('dialog', (dialog) => { asked.push(dialog.type()); return dialog[answer](); });
  await page.getByRole('button', { name: 'Annuler la commande' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  const reason = page.getByLabel('Motif');
  // Typed at once: the dialog begins in its box.
  await page.keyboard.type('Le client a changé');
  await expect(reason).toHaveValue('Le client a changé');
  await page.keyboard.press('Escape');
  await page.locator('.page-back').click();
  await expect.poll(() => asked.length).toBe(1);
  await expect(page).toHaveURL(new RegExp(`/commandes/${order.id}$`));
  await page.getByRole('button', { name: 'Annuler la commande' }).click();
  await expect(reason).toHaveValue('Le client a changé');
  // Kept on purpose, the order needs no reason any more.
  await page.getByRole('button', { name: 'Garder la commande' }).click();
  await page.locator('.page-back').click();
  await expect(page).toHaveURL(/\/commandes$/);
  expect(asked).toHaveLength(1);
});

test('what is saved already is not told as somebody else\'s change @js', async ({ page, request }) => {
  const theirs = await colleague(request);
  const client = await theirs.call('post', '/clients', { nom: unique('Perdue') });
  await open(page, `/clients/${client.id}/modifier`);
  // The change arrives, its answer does not.
  await page.route('**/_fn/update_client*', async (route) => {
    await route.fetch();
    await route.abort('connectionreset');
  }, { times: 1 });
  await page.getByLabel('Ville').fill('Saumur');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  const told = page.getByRole('alert').filter({ hasText: "C'est déjà enregistré" });
  await expect(told).toBeVisible();
  await expect(page.getByText("Quelqu'un a enregistré entre-temps")).toHaveCount(0);
  expect((await theirs.call('get', `/clients/${client.id}`)).ville).toBe('Saumur');
});

test('what is taken away with the focus leaves it near, and a deletion refused in part can be taken back @js', async ({ page, request }) => {
  const theirs = await colleague(request);
  const name = unique('Lot');
  const ordered = await theirs.product(`${name} commandé`);
  const free = await theirs.product(`${name} libre`);
  const items = [{ product_id: ordered.id, quantity: 1 }];
  await theirs.call('post', '/orders', { client_nom: unique('Lot'), confirmer: true, items });
  await open(page, `/produits?search=${encodeURIComponent(name)}`);
  const active = () => page.evaluate(() => document.activeElement?.tagName);
  for (const product of [ordered, free]) await page.getByRole('checkbox', { name: product.nom }).check();
  await page.getByRole('region', { name: 'Actions sur la sélection' }).getByRole('button', { name: 'Supprimer' }).press('Enter');
  const outcomes = page.getByRole('dialog');
  await expect(outcomes).toContainText(ordered.nom);
  await outcomes.getByRole('button', { name: 'Fermer' }).last().press('Enter');
  await page.locator('.toast').getByRole('button', { name: 'Annuler' }).press('Enter');
  await expect(page.getByText('1 produit restauré.')).toBeVisible();
  await expect(page.getByRole('row', { name: free.nom })).toBeVisible();
  expect(await active()).not.toBe('BODY');
  await page.goto(`/produits/${free.id}`);
  await wokenUp(page);
  await page.getByRole('button', { name: 'Supprimer' }).press('Enter');
  await expect(page.locator('.toast')).toContainText(free.nom);
  await expect.poll(active).not.toBe('BODY');
});

test('a reason that cannot be given any more is not asked about @js', async ({ page, request }) => {
  const theirs = await colleague(request);
  const order = await theirs.order(unique('Devancée'));
  await open(page, `/commandes/${order.id}`);
  const asked = [];
  page.on('dialog', (dialog) => { asked.push(dialog.type()); return dialog.accept(); });
  await page.getByRole('button', { name: 'Annuler la commande' }).click();
  await page.getByLabel('Motif').fill('Trop tard');
  await theirs.call('patch', `/orders/${order.id}/status`, { statut: 'annulee' });
  await expect(page.locator('.page-head')).toContainText('Annulée');
  await page.getByRole('dialog').getByRole('button', { name: 'Annuler la commande' }).click();
  await expect(page.getByRole('alert')).toBeInViewport();
  await page.locator('.page-back').click();
  await expect(page).toHaveURL(/\/commandes$/);
  expect(asked).toEqual([]);
});

test('a panel begins in its first box @js', async ({ page, request }) => {
  const theirs = await colleague(request);
  const order = await theirs.order(unique('Panneau'));
  await open(page, `/commandes/${order.id}`);
  await page.getByRole('link', { name: 'Modifier la livraison' }).click();
  await expect(page.locator('dialog [name=client_nom]')).toBeFocused();
  await page.goto('/produits');
  await wokenUp(page);
  await page.getByRole('link', { name: 'Nouveau produit' }).click();
  await expect(page.locator('#produit-nom')).toBeFocused();
});

test('a part of the ring is a link for everybody', async ({ page }) => {
  await open(page, '/');
  const part = page.locator('.donut-part').first();
  const href = await part.getAttribute('href');
  await part.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL((url) => url.pathname + url.search === href);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('what saves a form is in reach, and what has the focus is not under it', async ({ page }) => {
    for (const path of ['/clients/nouveau', '/produits/nouveau', '/utilisateurs/nouveau']) {
      await open(page, path);
      const save = page.locator('main form').getByRole('button', { name: /Ajouter|Ouvrir/ });
      await expect(save, path).toBeInViewport({ ratio: 1 });
      const boxes = page.locator('main form').locator('input:visible, select:visible, textarea:visible');
      for (const box of await boxes.all()) {
        await box.focus();
        const [at, bar] = [await box.boundingBox(), await save.boundingBox()];
        expect(at.y + Math.min(at.height, 40), `${path} ${await box.getAttribute('name')}`).toBeLessThanOrEqual(bar.y);
      }
    }
    for (const [path, name] of [['/clients', 'Nouveau client'], ['/produits', 'Nouveau produit'], ['/categories', 'Nouvelle catégorie']]) {
      await page.goto(path);
      await wokenUp(page);
      await expect(page.locator('.page-head').getByRole('link', { name })).toBeInViewport({ ratio: 1 });
    }
  });

  test('a refusal far above the button that was pressed is seen @js', async ({ page }) => {
    await open(page, '/categories');
    const row = page.getByRole('row').filter({ hasText: /\d+\sproduits/ }).last();
    const button = row.getByRole('button', { name: /Supprimer/ });
    await button.scrollIntoViewIfNeeded();
    await button.click();
    await expect(page.getByRole('alert')).toBeInViewport();
  });
});
