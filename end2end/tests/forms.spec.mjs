// What every form promises: what one typed is never touched, lost or doubled. Each test makes what it needs.
import { expect, expectAccessibleInBothThemes, program, signedInAs, test, unique, wokenUp } from './support.mjs';

test.setTimeout(120_000);

const stale = "Quelqu'un a enregistré entre-temps";

async function open(page, path, role = 'controleur') {
  await signedInAs(page, role);
  await page.goto(path);
  await wokenUp(page);
}

// An order of so many of one article, delivered whole.
async function delivered(rest, quantity = 4) {
  const { items: [{ category_id }] } = await rest.get('/products?per_page=1');
  const product = await rest.post('/products', { nom: unique('Livré'), prix: '4.50', category_id, stock_initial: 50 });
  const items = [{ product_id: product.id, quantity }];
  const order = await rest.post('/orders', { client_nom: unique('Destinataire'), items, confirmer: true });
  const { items: [courier] } = await rest.get(`/users?search=${encodeURIComponent('livreur@example.com')}`);
  await rest.post(`/orders/${order.id}/assign-livreur`, { livreur_id: courier.id });
  for (const statut of ['en_preparation', 'en_livraison', 'livree']) await rest.patch(`/orders/${order.id}/status`, { statut });
  const now = await rest.get(`/orders/${order.id}`);
  expect(now.statut).toBe('livree');
  return { order: now, product, item: now.items[0].id };
}

const correction = (rest, { order, item }, remis, motif = 'Recompté') =>
  rest.post(`/orders/${order.id}/corrections`, { motif, lignes: [{ item_id: item, remis }] });

// Answers the next question of the browser, once `act` has raised it.
async function asked(page, answer, act) {
  const question = page.waitForEvent('dialog');
  const acted = act();
  const dialog = await question;
  expect(dialog.message()).toContain('Quitter sans enregistrer');
  await (answer ? dialog.accept() : dialog.dismiss());
  await acted;
}

test('a correction is checked at its fields, and saved', async ({ page, request, javaScriptEnabled }) => {
  const rest = await program(request);
  const { order, product } = await delivered(rest);
  await open(page, `/commandes/${order.id}`);
  await page.getByRole('link', { name: 'Corriger la livraison' }).click();
  if (javaScriptEnabled) await expect(page.getByRole('dialog', { name: `Corriger la livraison ${order.numero}` })).toBeVisible();
  else await expect(page).toHaveURL(/\/correction$/);
  const form = page.getByRole('form', { name: 'Correction' });
  const box = (what) => form.getByLabel(`${product.nom}, ${what}`);
  await box('abîmés').fill('deux');
  await box('remis').fill('2');
  await form.getByRole('button', { name: 'Corriger la livraison' }).click();
  await expect(box('abîmés')).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByLabel('Motif')).toHaveAttribute('aria-invalid', 'true');
  if (javaScriptEnabled) {
    await expect(box('abîmés')).toBeFocused();
    await expectAccessibleInBothThemes(page, 'correction refusée');
  }
  await form.getByLabel('Motif').fill('Carton abîmé');
  await box('abîmés').fill('3');
  await form.getByRole('button', { name: 'Corriger la livraison' }).click();
  await expect(page.getByText(`« ${product.nom} » : 4 commandés, 5 indiqués.`)).toBeVisible();
  await expect(box('remis')).toHaveAttribute('aria-invalid', 'true');
  await expect(form.getByLabel('Motif')).toHaveValue('Carton abîmé');
  await box('abîmés').fill('1');
  await form.getByRole('button', { name: 'Corriger la livraison' }).click();
  await expect(form).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`/commandes/${order.id}$`));
  await expect(page.locator('.order-items tbody tr')).toContainText('2');
  const now = await rest.get(`/orders/${order.id}`);
  expect(now.items[0].quantite_livree).toBe(2);
});

test('a correction that comes too late shows both quantities and lets one choose', async ({ page, request, javaScriptEnabled }) => {
  const rest = await program(request);
  const made = await delivered(rest);
  const { order, product } = made;
  await open(page, javaScriptEnabled ? `/commandes/${order.id}` : `/commandes/${order.id}/correction`);
  if (javaScriptEnabled) await page.getByRole('link', { name: 'Corriger la livraison' }).click();
  const form = page.getByRole('form', { name: 'Correction' });
  const box = form.getByLabel(`${product.nom}, remis`);
  await box.fill('1');
  await form.getByLabel('Motif').fill('Rendu à la porte');
  if (javaScriptEnabled) await box.evaluate((element) => { element.dataset.same = 'oui'; });

  await correction(rest, made, 3);
  if (javaScriptEnabled) {
    // The page behind follows; what is being typed is neither changed nor drawn anew.
    await expect(page.locator('.order-items tbody tr')).toContainText('3');
    await expect(box).toHaveValue('1');
    expect(await box.evaluate((element) => element.dataset.same)).toBe('oui');
  }
  await form.getByRole('button', { name: 'Corriger la livraison' }).click();
  const notice = page.getByRole('alert').filter({ hasText: stale });
  await expect(notice).toContainText(`${product.nom}, remis`);
  await expect(notice).not.toContainText('Motif');
  await expect(form.getByLabel('Motif')).toHaveValue('Rendu à la porte');
  expect((await rest.get(`/orders/${order.id}`)).items[0].quantite_livree).toBe(3);
  if (javaScriptEnabled) {
    await expectAccessibleInBothThemes(page, 'correction en retard');
    await notice.getByRole('button', { name: '3', exact: true }).click();
    await expect(box).toHaveValue('3');
    await notice.getByRole('button', { name: '1', exact: true }).click();
    await expect(box).toHaveValue('1');
  } else {
    await notice.getByLabel('1', { exact: true }).check();
  }
  await form.getByRole('button', { name: 'Corriger la livraison' }).click();
  await expect(form).toHaveCount(0);
  expect((await rest.get(`/orders/${order.id}`)).items[0].quantite_livree).toBe(1);
});

test('a correction is asked about before it is thrown away, and sent once @js', async ({ page, request }) => {
  const rest = await program(request);
  const { order, product } = await delivered(rest);
  await open(page, `/commandes/${order.id}`);
  await page.getByRole('link', { name: 'Corriger la livraison' }).click();
  const form = page.getByRole('form', { name: 'Correction' });
  const box = form.getByLabel(`${product.nom}, remis`);
  await box.fill('2');
  await asked(page, false, () => page.keyboard.press('Escape'));
  await expect(box).toHaveValue('2');
  await asked(page, false, () => form.getByRole('button', { name: 'Ne rien changer' }).click());
  await expect(box).toHaveValue('2');

  let sent = 0;
  let let_go;
  const held = new Promise((done) => { let_go = done; });
  await page.route('**/_fn/correct_delivery', async (route) => {
    sent += 1;
    await held;
    await route.continue();
  });
  await form.getByLabel('Motif').fill('Deux rendus');
  const button = form.getByRole('button', { name: /Corriger la livraison|Enregistrement/ });
  await button.dblclick();
  await page.keyboard.press('Enter');
  await expect(button).toHaveAttribute('aria-busy', 'true');
  let_go();
  await expect(form).toHaveCount(0);
  expect(sent).toBe(1);
  const story = await rest.get(`/orders/${order.id}`);
  expect(story.items[0].quantite_livree).toBe(2);
});

test('the way back asks before what was typed is thrown away @js', async ({ page, request }) => {
  const rest = await program(request);
  const client = await rest.post('/clients', { nom: unique('Retour'), ville: 'Nantes' });
  await open(page, `/clients?search=${encodeURIComponent(client.nom)}`);
  await page.getByRole('link', { name: client.nom, exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/clients/${client.id}$`));
  await page.evaluate((id) => {
    const link = document.createElement('a');
    link.href = `/clients/${id}/modifier`;
    document.querySelector('main').append(link);
    link.click();
  }, client.id);
  await expect(page).toHaveURL(/\/modifier$/);
  const town = page.getByLabel('Ville');
  await expect(town).toHaveValue('Nantes');

  // Nothing typed: nothing asked, there and back.
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(new RegExp(`/clients/${client.id}$`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(client.nom);
  await page.evaluate(() => history.forward());
  await expect(town).toHaveValue('Nantes');

  await town.fill('Angers');
  await asked(page, false, () => page.evaluate(() => history.back()));
  await expect(page).toHaveURL(/\/modifier$/);
  await expect(town).toHaveValue('Angers');
  // Twice over: the entry was put back.
  await asked(page, false, () => page.evaluate(() => history.back()));
  await expect(page).toHaveURL(/\/modifier$/);
  await expect(town).toHaveValue('Angers');

  await asked(page, true, () => page.evaluate(() => history.back()));
  await expect(page).toHaveURL(new RegExp(`/clients/${client.id}$`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(client.nom);
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(/\/clients\?search=/);
  expect((await rest.get(`/clients/${client.id}`)).ville).toBe('Nantes');
});

test('what is typed while it is being saved is still to be saved @js', async ({ page, request }) => {
  const rest = await program(request);
  const client = await rest.post('/clients', { nom: unique('Lente'), ville: 'Nantes' });
  await open(page, `/clients/${client.id}`);
  let let_go;
  let sent = 0;
  const held = new Promise((done) => { let_go = done; });
  await page.route('**/_fn/update_client', async (route) => {
    sent += 1;
    if (sent === 1) await held;
    await route.continue();
  });
  await page.getByRole('link', { name: 'Modifier' }).click();
  const panel = page.getByRole('dialog', { name: `Modifier ${client.nom}` });
  await panel.getByLabel('Ville').fill('Angers');
  await panel.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(panel.getByRole('button', { name: 'Enregistrement…' })).toHaveAttribute('aria-busy', 'true');
  await panel.getByLabel('Notes').fill('Sonner deux fois');
  await panel.getByLabel('Ville').fill('Angers-Nord');
  let_go();
  await expect(page.getByText("Ce que vous avez saisi depuis ne l'est pas encore.")).toBeVisible();
  expect((await rest.get(`/clients/${client.id}`)).ville).toBe('Angers');
  await expect(panel.getByLabel('Notes')).toHaveValue('Sonner deux fois');
  await asked(page, false, () => page.keyboard.press('Escape'));
  await panel.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(panel).toBeHidden();
  const now = await rest.get(`/clients/${client.id}`);
  expect([now.ville, now.notes]).toEqual(['Angers-Nord', 'Sonner deux fois']);
});

test('nobody types in something new while it is being saved @js', async ({ page, request }) => {
  const rest = await program(request);
  const nom = unique('Neuve');
  await open(page, '/clients/nouveau');
  let let_go;
  const held = new Promise((done) => { let_go = done; });
  await page.route('**/_fn/create_client', async (route) => {
    await held;
    await route.continue();
  });
  const name = page.getByLabel('Nom', { exact: true });
  await name.fill(nom);
  await name.press('Enter');
  await expect(page.getByRole('form', { name: 'Client', includeHidden: true })).toHaveAttribute('inert', '');
  await page.keyboard.type('perdu');
  await expect(name).toHaveValue(nom);
  let_go();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(nom);
  expect((await rest.get(`/clients?search=${encodeURIComponent(nom)}`)).items).toHaveLength(1);

  // What fails lets go of it, and what was typed is still there.
  await page.unroute('**/_fn/create_client');
  await page.goto('/clients/nouveau');
  await wokenUp(page);
  await page.route('**/_fn/create_client', (route) => route.abort());
  await name.fill(nom);
  await name.press('Enter');
  await expect(page.getByRole('alert')).toBeVisible();
  await name.press('End');
  await page.keyboard.type(' bis');
  await expect(name).toHaveValue(`${nom} bis`);
});

test('a movement being typed in front of the list is asked about @js', async ({ page, request }) => {
  const rest = await program(request);
  const { items: [{ category_id }] } = await rest.get('/products?per_page=1');
  const product = await rest.post('/products', { nom: unique('Étagère'), prix: '2.00', category_id, stock_initial: 5 });
  await open(page, `/stocks?search=${encodeURIComponent(product.nom)}`);
  const row = page.getByRole('link', { name: product.nom, exact: true });
  await row.focus();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: product.nom });
  // Nothing typed: nothing asked.
  await expect(dialog.getByLabel('Quantité')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await row.focus();
  await page.keyboard.press('e');
  await dialog.getByLabel('Quantité').fill('7');
  await asked(page, false, () => page.keyboard.press('Escape'));
  await expect(dialog.getByLabel('Quantité')).toHaveValue('7');
  await asked(page, false, () => page.mouse.click(5, 5));
  await expect(dialog.getByLabel('Quantité')).toHaveValue('7');
  await asked(page, true, () => dialog.getByRole('button', { name: 'Fermer' }).click());
  await expect(dialog).toBeHidden();
  expect((await rest.get(`/stocks/${product.id}`)).quantite).toBe(5);
});

test('several products are deleted to the end, also when the list is left @js', async ({ page, request }) => {
  const rest = await program(request);
  const { items: [{ category_id }] } = await rest.get('/products?per_page=1');
  const mark = unique('Lot');
  const made = [];
  for (let n = 0; n < 3; n += 1) {
    made.push(await rest.post('/products', { nom: `${mark} ${n}`, prix: '2.00', category_id, stock_initial: 5 }));
  }
  // One stands on an order, one is changed by somebody else after it was seen.
  await rest.post('/orders', { client_nom: mark, items: [{ product_id: made[0].id, quantity: 1 }] });
  await open(page, `/produits?search=${encodeURIComponent(mark)}`, 'admin');
  const all = page.getByRole('checkbox', { name: 'Tout sélectionner sur cette page' });
  const bar = page.getByRole('region', { name: 'Actions sur la sélection' });
  let let_go;
  const held = new Promise((done) => { let_go = done; });
  await page.route('**/_fn/act_on_products', async (route) => {
    await held;
    await route.continue();
  });
  await all.check();
  await bar.getByRole('button', { name: 'Supprimer' }).click();
  await expect(bar.getByRole('button', { name: 'Supprimer' })).toHaveAttribute('aria-busy', 'true');
  await page.getByRole('navigation', { name: 'Menu' }).first().getByRole('link', { name: 'Stocks' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Stocks');
  let_go();
  // Told where one is by now: what was done may be undone, what was refused is named.
  await expect(page.locator('.toast', { hasText: 'Fait : 2 sur 3' })).toContainText(`${mark} 0`);
  await expect(page.locator('.toast', { hasText: '2\u00a0produits supprimés.' })).toBeVisible();
  const living = async () => (await rest.get(`/products?search=${encodeURIComponent(mark)}`)).items.map((p) => p.nom);
  expect(await living()).toEqual([`${mark} 0`]);
  await page.locator('.toast', { hasText: 'produits supprimés' }).getByRole('button', { name: 'Annuler' }).click();
  await expect(page.locator('.toast', { hasText: '2\u00a0produits restaurés.' })).toBeVisible();
  expect((await living()).sort()).toEqual(made.map((p) => p.nom).sort());
});

test('a product that somebody else changed is not deleted unseen @js', async ({ page, request }) => {
  const rest = await program(request);
  const { items: [{ category_id }] } = await rest.get('/products?per_page=1');
  const nom = unique('Vu');
  const product = await rest.post('/products', { nom, prix: '2.00', category_id });
  await open(page, `/produits?search=${encodeURIComponent(nom)}`, 'admin');
  await page.getByRole('checkbox', { name: `Sélectionner ${nom}` }).check();
  // What others do comes too late for this page: it is read again once the button was pressed.
  let late = true;
  await page.route('**/_fn/list_products', (route) => (late ? route.abort() : route.continue()));
  await page.route('**/_fn/act_on_products', (route) => {
    late = false;
    return route.continue();
  });
  await rest.put(`/products/${product.id}`, { prix: '3.00' });
  await page.getByRole('region', { name: 'Actions sur la sélection' }).getByRole('button', { name: 'Supprimer' }).click();
  const outcomes = page.getByRole('dialog', { name: 'Fait : 0 sur 1' });
  await expect(outcomes).toContainText(`${nom} : modifié entre-temps`);
  await outcomes.getByRole('button', { name: 'Fermer' }).last().click();
  await expect(page.getByRole('checkbox', { name: `Sélectionner ${nom}` })).toBeChecked();
  expect((await rest.get(`/products/${product.id}`)).is_deleted).toBe(false);
});
