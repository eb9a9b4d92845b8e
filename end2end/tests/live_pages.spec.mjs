// What others do appears by itself on every page, and takes nothing away from what one is doing there.
import { colleague, cursor, isLive, open, soon, unique } from './colleague.mjs';
import { accounts, expect, test } from './support.mjs';

// Several pages each, and each wakes up anew.
test.describe.configure({ timeout: 180_000 });

test('products follow, and what is chosen and typed stays', { tag: '@js' }, async ({ page, request }) => {
  const other = await colleague(request);
  const product = await other.product(unique('Direct produit'));
  const path = `/products/${product.id}`;
  await open(page, `/produits?search=${encodeURIComponent(product.nom)}`);
  const row = page.getByRole('row').filter({ hasText: product.nom });
  const box = row.getByRole('checkbox');
  await box.check();
  await soon(() => other.call('put', path, { prix: '5.25' }), () => expect(row).toContainText('5,25'));
  await expect(box).toBeChecked();
  await expect(box).toBeFocused();
  await soon(() => other.enter(product.id, 13), () => expect(row).toContainText('33'));
  await expect(box).toBeFocused();

  await row.getByRole('link', { name: product.nom }).click();
  await expect(page).toHaveURL(new RegExp(`/produits/${product.id}$`));
  await page.getByRole('link', { name: 'Modifier' }).click();
  const panel = page.getByRole('dialog');
  const words = panel.getByLabel('Description');
  await words.pressSequentially('Récolte de printemps');
  await words.press('ArrowLeft');
  await soon(() => other.call('put', path, { prix: '6.75' }), () =>
    expect(page.getByRole('region', { name: 'Fiche' })).toContainText('6,75'));
  await soon(() => other.order(unique('Direct'), false, { items: [{ product_id: product.id, quantity: 3 }] }), (order) =>
    expect(page.getByRole('region', { name: 'Dernières commandes' }).first()).toContainText(order.numero));
  await expect(panel).toBeVisible();
  await expect(words).toHaveValue('Récolte de printemps');
  expect(await cursor(words)).toBe(19);
  // Saved on what somebody else has changed meanwhile: theirs is taken over, mine is kept.
  await panel.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(panel.getByText('Quelqu\'un a enregistré entre-temps')).toBeVisible();
  await expect(panel.getByText('Ses modifications sont reprises ci-dessous')).toBeVisible();
  await expect(panel.getByLabel('Prix TTC')).toHaveValue(/^6[,.]75$/);
  await panel.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(panel).toBeHidden();
  await expect(page.getByRole('region', { name: 'Fiche' })).toContainText('Récolte de printemps');
});

test('stocks follow under an open form', { tag: '@js' }, async ({ page, request }) => {
  const other = await colleague(request);
  const product = await other.product(unique('Direct stock'), 10);
  await open(page, `/stocks?search=${encodeURIComponent(product.nom)}`);
  const row = page.getByRole('row').filter({ hasText: product.nom });
  await row.getByRole('link', { name: product.nom, exact: true }).press('e');
  const dialog = page.getByRole('dialog', { name: product.nom });
  const quantity = dialog.getByLabel('Quantité');
  await quantity.pressSequentially('7');
  await expect(dialog.locator('.stock-preview')).toContainText('17');
  await soon(() => other.enter(product.id, 20), () => expect(row.locator('.stock-available')).toHaveText('30'));
  await expect(dialog.locator('.stock-preview')).toContainText('37');
  await expect(quantity).toHaveValue('7');
  expect(await cursor(quantity)).toBe(1);

  await page.goto(`/stocks/${product.id}`);
  await isLive(page);
  const reason = page.getByLabel('Motif');
  await reason.pressSequentially('Casse au déballage');
  await reason.press('Home');
  const threshold = page.getByRole('textbox', { name: "Seuil d'alerte" });
  const level = page.getByRole('region', { name: 'Niveau' });
  await soon(() => other.enter(product.id, 4), () => expect(level).toContainText('34'));
  await expect(page.getByRole('region', { name: 'Mouvements du produit' })).toContainText('+4');
  await soon(() => other.call('put', `/stocks/${product.id}`, { seuil_alerte: 9 }), () => expect(threshold).toHaveValue('9'));
  await expect(page.getByText('Historique, champ par champ')).toBeVisible();
  await expect(reason).toHaveValue('Casse au déballage');
  expect(await cursor(reason)).toBe(0);

  await page.goto(`/stocks/mouvements?product_id=${product.id}`);
  await isLive(page);
  await expect(page.locator('tbody tr')).toHaveCount(3);
  await soon(() => other.enter(product.id, 2), () => expect(page.locator('tbody tr')).toHaveCount(4));
});

test('clients follow under an open form', { tag: '@js' }, async ({ page, request }) => {
  const other = await colleague(request);
  const nom = unique('Direct client');
  await open(page, `/clients?search=${encodeURIComponent(nom)}`);
  const search = page.getByRole('searchbox');
  await search.focus();
  await search.press('Home');
  const client = await soon(() => other.call('post', '/clients', { nom, telephone: '06 39 98 11 22' }), () =>
    expect(page.getByRole('link', { name: nom, exact: true })).toBeVisible());
  expect(await cursor(search)).toBe(0);

  await page.getByRole('link', { name: nom, exact: true }).click();
  await page.getByRole('link', { name: 'Modifier' }).click();
  const notes = page.getByRole('dialog').getByLabel('Notes');
  await notes.pressSequentially('Code 12B');
  await notes.press('ArrowLeft');
  await soon(() => other.call('put', `/clients/${client.id}`, { ville: 'Saumur' }), () =>
    expect(page.locator('.facts').first()).toContainText('Saumur'));
  await soon(() => other.order(nom, true, { client_id: client.id }), (order) =>
    expect(page.getByRole('region', { name: 'Commandes', exact: true })).toContainText(order.numero));
  await expect(notes).toHaveValue('Code 12B');
  expect(await cursor(notes)).toBe(7);
});

test('categories follow, but not under a drag', { tag: '@js' }, async ({ page, request }) => {
  const other = await colleague(request, '', accounts.admin);
  const category = await other.call('post', '/categories', { nom: unique('Direct A') });
  const rename = (nom) => other.call('put', `/categories/${category.id}`, { nom });
  await open(page, '/categories');
  await page.getByRole('button', { name: `Supprimer ${category.nom}` }).focus();
  const second = unique('Direct B');
  await soon(() => rename(second), () => expect(page.getByRole('link', { name: second }).first()).toBeVisible());
  await expect(page.getByRole('button', { name: `Supprimer ${second}` })).toBeFocused();

  // The new one stands last, and a mouse only reaches what is in sight.
  await page.locator('.category-grip').first().scrollIntoViewIfNeeded();
  const grip = await page.locator('.category-grip').first().boundingBox();
  const next = await page.locator('.category-grip').nth(1).boundingBox();
  await page.mouse.move(grip.x + 4, grip.y + 4);
  await page.mouse.down();
  await page.mouse.move(next.x + 4, next.y + 4, { steps: 3 });
  const dragged = page.locator('tr.dragged');
  await expect(dragged).toHaveCount(1);
  const reads = [];
  page.on('request', (sent) => { if (sent.url().includes('/_fn/list_categories')) reads.push(sent); });
  const witness = await page.context().newPage();
  await witness.goto('/categories');
  await isLive(witness);
  const third = unique('Direct C');
  await rename(third);
  // A page where nothing is dragged has heard of it.
  await expect(witness.getByRole('link', { name: third }).first()).toBeVisible();
  expect(reads).toHaveLength(0);
  await expect(dragged).toHaveCount(1);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(page.getByRole('link', { name: third }).first()).toBeVisible();
  await other.call('get', `/categories/${category.id}`);
});

test('rounds follow, but not under a drag', { tag: '@js' }, async ({ page, request }) => {
  const other = await colleague(request);
  const day = `2027-0${1 + Math.floor(Math.random() * 9)}-${10 + Math.floor(Math.random() * 18)}`;
  const planned = (name) => other.order(unique(name), true, { date_livraison_prevue: day });
  const first = await planned('Tournée A');
  await open(page, `/tournees?jour=${day}`);
  const stop = (order) => page.locator('.stop', { hasText: order.numero });
  const choice = page.getByLabel(`Confier ${first.numero} à`);
  await choice.focus();
  const second = await soon(() => planned('Tournée B'), (order) => expect(stop(order)).toBeVisible());
  await expect(choice).toBeFocused();

  const reads = [];
  page.on('request', (sent) => { if (sent.url().includes('/_fn/read_rounds')) reads.push(sent); });
  const grip = await stop(first).locator('.stop-grip').boundingBox();
  await page.mouse.move(grip.x + 4, grip.y + 4);
  await page.mouse.down();
  await page.mouse.move(grip.x + 4, grip.y + 40, { steps: 4 });
  await expect(page.locator('.stop-dragged')).toHaveCount(1);
  const witness = await page.context().newPage();
  await witness.goto(`/tournees?jour=${day}`);
  await isLive(witness);
  const courier = (await other.call('get', '/users/livreurs')).items[0];
  await other.call('post', `/orders/${second.id}/assign-livreur`, { livreur_id: courier.id });
  const lane = (p) => p.getByRole('region', { name: `${courier.prenom} ${courier.nom}` });
  await expect(lane(witness)).toContainText(second.numero);
  expect(reads).toHaveLength(0);
  await expect(lane(page)).not.toContainText(second.numero);
  await expect(page.locator('.stop-dragged')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(lane(page)).toContainText(second.numero);

  // What is to be gathered for that day.
  await page.goto(`/commandes/preparation?jour=${day}`);
  await isLive(page);
  await expect(page.locator('.pick-order')).toHaveCount(2);
  await soon(() => planned('Tournée C'), (order) =>
    expect(page.getByRole('region', { name: order.numero })).toBeVisible());
});

test('accounts and the journal follow, and a password being typed stays', { tag: '@js' }, async ({ page, request }) => {
  const other = await colleague(request, '', accounts.admin);
  const mark = unique('Direct');
  await open(page, `/utilisateurs?search=${encodeURIComponent(mark)}`);
  const user = await soon(
    () => other.call('post', '/users', {
      nom: mark, email: `${mark.replace(' ', '-')}@example.com`, role: 'livreur', password: 'quatre pommes vertes',
    }),
    () => expect(page.getByRole('link', { name: mark, exact: true })).toBeVisible(),
  );
  await page.getByRole('link', { name: mark, exact: true }).click();
  await page.getByRole('button', { name: 'Nouveau mot de passe' }).click();
  const password = page.getByRole('dialog').getByRole('textbox', { name: 'Mot de passe' });
  await password.pressSequentially('cinq poires');
  await password.press('ArrowLeft');
  await soon(() => other.call('put', `/users/${user.id}`, { prenom: 'Zoé', telephone: '06 39 98 00 00' }), () =>
    expect(page.getByRole('heading', { level: 1 })).toContainText(`Zoé ${mark}`));
  await expect(page.getByText('Historique, champ par champ')).toBeVisible();
  await expect(password).toHaveValue('cinq poires');
  expect(await cursor(password)).toBe(10);
  // It is about the account as it is now.
  await password.press('End');
  await password.pressSequentially(' mûres');
  await page.getByRole('dialog').getByRole('button', { name: 'Changer le mot de passe' }).click();
  await expect(page.getByTestId('mot-de-passe')).toHaveText('cinq poires mûres');

  await page.goto(`/journal?table=users&row_id=${user.id}`);
  await isLive(page);
  await soon(() => other.call('put', `/users/${user.id}`, { prenom: 'Zélie' }), () =>
    expect(page.locator('.journal-list')).toContainText('Zélie'));
});
