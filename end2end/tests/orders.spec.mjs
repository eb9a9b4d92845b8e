// What one does with orders beyond entering them: several at once, changing one, copying, deleting, printing,
// and the rounds of a day. Each test makes the orders it needs, under names of its own.
import { accounts, expect, expectAccessibleInBothThemes, patient, signIn, test, wokenUp } from './support.mjs';

test.setTimeout(120_000);

const unique = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;

async function token(request, [email, password]) {
  const answer = await request.post('/api/v1/auth/login', { data: { email, password } });
  return (await answer.json()).access_token;
}

// Orders through the REST door; `more` is put on each of them.
async function orders(request, names, more = {}) {
  const headers = { Authorization: `Bearer ${await token(request, accounts.admin)}` };
  const found = await request.get('/api/v1/products?search=HUI-OLI-50', { headers });
  const product = (await found.json()).items[0];
  const made = [];
  for (const client_nom of names) {
    const data = { client_nom, items: [{ product_id: product.id, quantity: 1 }], ...more };
    const answer = await request.post('/api/v1/orders', { headers, data });
    expect(answer.status(), await answer.text()).toBe(201);
    made.push(await answer.json());
  }
  return { made, product, headers };
}

async function open(page, path, account = accounts.admin) {
  await page.goto(path);
  await signIn(page, account);
  await page.waitForURL((url) => url.pathname + url.search === path);
}

// The line editor has woken up once its boxes have lists of proposals of their own.
const awake = (page) => expect(page.locator('[id^=ligne-][id$=-article]:not([list])').first()).toBeVisible(patient);

// The page has woken up once a tick answers.
async function chooseRows(page, numbers) {
  await expect(async () => {
    for (const numero of numbers) {
      const box = page.getByLabel(`Sélectionner ${numero}`);
      await box.uncheck();
      await box.check();
    }
    const bar = page.getByRole('region', { name: 'Actions sur la sélection' });
    await expect(bar).toContainText(new RegExp(`^${numbers.length}\\scommandes? choisie`), { timeout: 500 });
  }).toPass(patient);
}

test('several orders are confirmed at once, each with its outcome @js', async ({ page, request }) => {
  const name = `Groupe ${unique()}`;
  const { made, product, headers } = await orders(request, [name, name]);
  const short = await request.post('/api/v1/orders', {
    headers,
    data: { client_nom: name, items: [{ product_id: product.id, quantity: 90000 }] },
  });
  const { numero } = await short.json();
  await open(page, `/commandes?search=${encodeURIComponent(name)}`);
  await expect(page.locator('.list-sum')).toContainText('pour 3 commandes');
  await chooseRows(page, [...made.map((order) => order.numero), numero]);
  await expectAccessibleInBothThemes(page, 'liste choisie');
  await page.getByRole('button', { name: 'Confirmer' }).click();
  const outcomes = page.getByRole('dialog', { name: 'Fait : 2 sur 3' });
  await expect(outcomes).toContainText(`${numero} : Il manque`);
  await expect(outcomes).toContainText(product.nom);
  await outcomes.getByRole('button', { name: 'Fermer' }).last().click();
  await expect(page.locator('tbody tr', { hasText: 'Confirmée' })).toHaveCount(2);
  await expect(page.getByLabel(`Sélectionner ${numero}`)).toBeChecked();

  await page.getByRole('button', { name: 'Désélectionner' }).click();
  await chooseRows(page, made.map((order) => order.numero));
  await page.getByRole('button', { name: 'Assigner un livreur' }).click();
  const assign = page.getByRole('dialog', { name: 'Assigner 2 commandes' });
  await expect(assign.getByLabel('Livreur').locator('option').nth(1)).toBeAttached();
  // Pressed at once it takes nobody's livreur away: it asks which one.
  await assign.getByRole('button', { name: 'Assigner' }).click();
  await expect(assign.getByText('Choisissez un livreur.')).toBeVisible();
  await expect(assign.getByLabel('Livreur')).toBeFocused();
  await assign.getByLabel('Livreur').selectOption({ index: 1 });
  await assign.getByRole('button', { name: 'Assigner' }).click();
  await expect(page.locator('tbody tr', { hasText: 'Non assignée' })).toHaveCount(0);
  await chooseRows(page, made.map((order) => order.numero));
  await page.getByRole('region', { name: 'Actions sur la sélection' }).getByRole('button', { name: 'Annuler' }).click();
  const cancel = page.getByRole('dialog', { name: 'Annuler 2 commandes' });
  await cancel.getByLabel('Motif').fill('Le client a changé d’avis');
  await cancel.getByRole('button', { name: 'Annuler les commandes' }).click();
  await expect(page.locator('.toast', { hasText: /2\scommandes annulées\./ })).toBeVisible();
  await expect(page.locator('tbody tr', { hasText: 'Annulée' })).toHaveCount(2);
});

test('filters are called by name', async ({ page, request }) => {
  const { product } = await orders(request, [`Filtre ${unique()}`]);
  await open(page, `/commandes?product_id=${product.id}`);
  await expect(page.getByRole('group', { name: 'Filtres actifs' })).toContainText(`Article : ${product.nom}`);
  await expect(page.locator('.list-sum')).toContainText(/pour [\d\s]+ unités? de cet article/);
});

test('the delivery is changed', async ({ page, request, javaScriptEnabled }) => {
  const { made } = await orders(request, [`Livraison ${unique()}`]);
  await open(page, `/commandes/${made[0].id}`, accounts.controleur);
  if (javaScriptEnabled) await expect(page.locator('#annulation')).toBeAttached(patient);
  await page.getByRole('link', { name: 'Modifier la livraison' }).click();
  if (javaScriptEnabled) {
    await expect(page.getByRole('dialog', { name: 'Modifier la livraison' })).toBeVisible();
    await expectAccessibleInBothThemes(page, 'panneau');
  } else await expect(page).toHaveURL(/\/livraison$/);
  const form = page.getByRole('form', { name: 'Livraison' });
  await form.getByLabel('Ville').fill('Villeneuve');
  await form.getByLabel('Créneau, de').fill('10:00');
  await form.getByLabel('Créneau, à').fill('09:00');
  await form.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('La fin du créneau doit suivre son début.')).toBeVisible();
  await expect(form.getByLabel('Ville')).toHaveValue('Villeneuve');
  await form.getByLabel('Créneau, à').fill('12:00');
  await form.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.locator('.facts')).toContainText('Villeneuve');
  await expect(page).toHaveURL(new RegExp(`/commandes/${made[0].id}$`));
});

test('whoever was slower sees both values and chooses @js', async ({ page, request }) => {
  const { made, headers } = await orders(request, [`Conflit ${unique()}`]);
  await open(page, `/commandes/${made[0].id}`, accounts.controleur);
  await expect(page.locator('#annulation')).toBeAttached(patient);
  await page.getByRole('link', { name: 'Modifier la livraison' }).click();
  const form = page.getByRole('form', { name: 'Livraison' });
  await form.getByLabel('Ville').fill('Ici');
  const other = await request.put(`/api/v1/orders/${made[0].id}`, { headers, data: { ville: 'Ailleurs', notes: 'Sonner' } });
  expect(other.status()).toBe(200);
  await form.getByRole('button', { name: 'Enregistrer' }).click();
  const notice = page.getByRole('alert').filter({ hasText: 'Quelqu\'un a enregistré entre-temps' });
  await expect(notice.getByRole('button', { name: 'Ailleurs' })).toBeVisible();
  await expect(form.getByLabel('Notes')).toHaveValue('Sonner');
  await expect(notice.locator('.change')).toHaveText(/Notes\s*Sonner/);
  await expectAccessibleInBothThemes(page, 'conflit');
  await notice.getByRole('button', { name: 'Ailleurs' }).click();
  await expect(form.getByLabel('Ville')).toHaveValue('Ailleurs');
  await notice.getByRole('button', { name: 'Ici' }).click();
  await form.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.locator('.facts')).toContainText('Ici');
});

test('whoever was slower with something else has only to save again @js', async ({ page, request }) => {
  const { made, product, headers } = await orders(request, [`Ailleurs ${unique()}`]);
  await open(page, `/commandes/${made[0].id}`, accounts.controleur);
  await expect(page.locator('#annulation')).toBeAttached(patient);
  await page.getByRole('link', { name: 'Modifier la livraison' }).click();
  const form = page.getByRole('form', { name: 'Livraison' });
  await form.getByLabel('Ville').fill('Ici');
  const data = { items: [{ product_id: product.id, quantity: 2 }] };
  expect((await request.put(`/api/v1/orders/${made[0].id}`, { headers, data })).status()).toBe(200);
  await form.getByRole('button', { name: 'Enregistrer' }).click();
  const notice = page.getByRole('alert').filter({ hasText: 'Quelqu\'un a enregistré entre-temps' });
  await expect(notice).toContainText("Rien de ce formulaire n'a été changé : enregistrez à nouveau.");
  await expect(form.getByLabel('Ville')).toHaveValue('Ici');
  await form.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.locator('.facts')).toContainText('Ici');
});

test('the articles are changed', async ({ page, request, javaScriptEnabled }) => {
  const { made, product, headers } = await orders(request, [`Articles ${unique()}`]);
  await open(page, `/commandes/${made[0].id}/articles`, accounts.controleur);
  if (javaScriptEnabled) {
    await awake(page);
    await expectAccessibleInBothThemes(page, 'articles');
  }
  await expect(page.getByLabel('Article, ligne 1')).toHaveValue(product.nom);
  await page.getByLabel('Quantité, ligne 1').fill('3');
  await page.getByLabel('Article, ligne 2').fill('2x HUI-NOI-25');
  if (javaScriptEnabled) await page.getByLabel('Article, ligne 2').press('Enter');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page).toHaveURL(new RegExp(`/commandes/${made[0].id}$`));
  await expect(page.locator('.order-items tbody tr')).toHaveCount(2);
  const now = await (await request.get(`/api/v1/orders/${made[0].id}`, { headers })).json();
  expect(now.items.map((item) => item.quantity)).toEqual([3, 2]);
});

test('lines that two people changed are put together @js', async ({ page, request }) => {
  const { made, product, headers } = await orders(request, [`Lignes ${unique()}`]);
  await open(page, `/commandes/${made[0].id}/articles`, accounts.controleur);
  await awake(page);
  await page.getByLabel('Quantité, ligne 1').fill('4');
  const data = { items: [{ product_id: product.id, quantity: 7 }] };
  await request.put(`/api/v1/orders/${made[0].id}`, { headers, data });
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  const notice = page.getByRole('alert').filter({ hasText: 'Quelqu\'un a enregistré entre-temps' });
  await notice.getByRole('button', { name: '7' }).click();
  await expect(page.getByLabel('Quantité, ligne 1')).toHaveValue('7');
  await notice.getByRole('button', { name: '4' }).click();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page).toHaveURL(new RegExp(`/commandes/${made[0].id}$`));
  const now = await (await request.get(`/api/v1/orders/${made[0].id}`, { headers })).json();
  expect(now.items[0].quantity).toBe(4);
});

test('what somebody else did to the lines is named @js', async ({ page, request }) => {
  const { made, product, headers } = await orders(request, [`Nommées ${unique()}`]);
  const nuts = (await (await request.get('/api/v1/products?search=HUI-NOI-25', { headers })).json()).items[0];
  const save = async (data) => expect((await request.put(`/api/v1/orders/${made[0].id}`, { headers, data })).status()).toBe(200);
  await open(page, `/commandes/${made[0].id}/articles`, accounts.controleur);
  await awake(page);
  const notice = page.getByRole('alert').filter({ hasText: 'Quelqu\'un a enregistré entre-temps' });
  const button = page.getByRole('button', { name: 'Enregistrer' });
  // Nothing of the lines.
  await page.getByLabel('Quantité, ligne 1').fill('4');
  await save({ notes: 'Sonner' });
  await button.click();
  await expect(notice).toContainText("Rien de ce formulaire n'a été changé : enregistrez à nouveau.");
  // A line more, beside what is typed here.
  await save({ items: [{ product_id: product.id, quantity: 1 }, { product_id: nuts.id, quantity: 2 }] });
  await button.click();
  await expect(notice).toContainText('Ses modifications sont reprises ci-dessous');
  await expect(notice.locator('.change')).toHaveText([new RegExp(`${nuts.nom}\\s*ajouté\\s:\\s2`)]);
  await expect(page.getByLabel('Quantité, ligne 1')).toHaveValue('4');
  await expect(page.getByLabel('Article, ligne 2')).toHaveValue(nuts.nom);
  await expectAccessibleInBothThemes(page, 'articles modifiés entre-temps');
  // What was typed here, and the new line off again: there is nothing to save.
  await save({ items: [{ product_id: product.id, quantity: 4 }] });
  await button.click();
  await expect(notice).toContainText("il n'y a plus rien à enregistrer");
  await expect(notice.locator('.change')).toHaveText([new RegExp(`${product.nom}\\s*1\\s*→\\s*4\\s*, comme vous`)]);
});

test('an order is the model of another', async ({ page, request, javaScriptEnabled }) => {
  const name = `Modèle ${unique()}`;
  const { made, product } = await orders(request, [name]);
  await open(page, `/commandes/${made[0].id}`, accounts.controleur);
  await page.getByRole('link', { name: 'Commander à nouveau' }).click();
  await expect(page.getByText(`Copie de ${made[0].numero}`)).toBeVisible();
  if (javaScriptEnabled) await awake(page);
  await expect(page.locator('#client_nom')).toHaveValue(name);
  await expect(page.getByLabel('Article, ligne 1')).toHaveValue(product.nom);
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page).toHaveURL(/\/commandes\/\d+$/);
  await expect(page.locator('.facts')).toContainText(name);
});

test('an order is deleted and brought back', async ({ page, request, javaScriptEnabled }) => {
  const { made } = await orders(request, [`Suppression ${unique()}`, `Suppression ${unique()}`]);
  await open(page, `/commandes/${made[0].id}`);
  if (javaScriptEnabled) await expect(page.locator('#annulation')).toBeAttached(patient);
  await page.getByRole('button', { name: 'Supprimer la commande' }).click();
  await expect(page.getByText('Commande supprimée').first()).toBeVisible();
  // Later it is found among the deleted ones.
  await page.goto('/commandes');
  await page.getByRole('link', { name: 'Supprimées' }).click();
  await page.getByRole('link', { name: made[0].numero, exact: true }).click();
  await expect(page.getByText('Commande supprimée').first()).toBeVisible();
  await page.getByRole('button', { name: 'Restaurer' }).click();
  await expect(page.getByRole('button', { name: 'Supprimer la commande' })).toBeVisible();
  if (!javaScriptEnabled) return;
  // Taken back after the page was left.
  await page.getByRole('button', { name: 'Supprimer la commande' }).click();
  await expect(page.getByText('est supprimée.').last()).toBeVisible();
  await page.getByRole('link', { name: 'Commandes', exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Commandes' })).toBeVisible();
  await page.locator('.toast').getByRole('button', { name: 'Annuler' }).last().click();
  await expect(page.getByText('est restaurée.').last()).toBeVisible();
});

test('a delivery note and a picking list are printed', async ({ page, request, javaScriptEnabled }) => {
  const names = [`Papier ${unique()}`, `Papier ${unique()}`];
  const { made, product } = await orders(request, names, { confirmer: true, adresse_livraison: '3 rue des Lilas' });
  await open(page, `/commandes/${made[0].id}/bon-de-livraison`, accounts.lecture);
  const sheet = page.getByRole('article', { name: 'Bon de livraison' });
  await expect(sheet).toContainText(made[0].numero);
  await expect(sheet).toContainText('3 rue des Lilas');
  await expect(sheet).toContainText('TVA 5,5');
  await expect(page.getByRole('button', { name: 'Imprimer' })).toHaveCount(javaScriptEnabled ? 1 : 0);
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.side')).toBeHidden();
  await expect(sheet).toBeVisible();
  await page.emulateMedia({ media: 'screen' });
  if (javaScriptEnabled) await expectAccessibleInBothThemes(page, 'bon de livraison');
  await page.goto(`/commandes/preparation?ids=${made.map((order) => order.id).join(',')}`);
  const list = page.getByRole('article', { name: 'Liste de préparation' });
  await expect(list.locator('.pick-table tbody tr', { hasText: product.nom })).toContainText('2');
  await expect(list.locator('.pick-order')).toHaveCount(2);
  await expect(page.getByText('Hors de cette liste')).toHaveCount(0);
  // On paper a status is a word with an edge, whatever the theme.
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const badge = list.locator('.pick-order .badge').first();
  await expect(badge).toHaveText('Confirmée');
  await expect(badge.locator('.icon')).toBeHidden();
  const look = { color: 'rgb(0, 0, 0)', 'background-color': 'rgb(255, 255, 255)', 'border-top-width': '1px' };
  for (const [property, value] of Object.entries(look)) await expect(badge).toHaveCSS(property, value);
  await page.emulateMedia({ media: 'screen', colorScheme: null });
  if (javaScriptEnabled) await expectAccessibleInBothThemes(page, 'préparation');
});

// A day of this test alone, so that nobody else's orders stand on its board.
const dayOf = () => new Date(Date.UTC(2040, 0, 1 + Math.floor(Math.random() * 18000))).toISOString().slice(0, 10);

test('orders are assigned and put in order without a mouse @js', async ({ page, request }) => {
  const day = dayOf();
  const names = ['A', 'B'].map((letter) => `${letter} ${unique()}`);
  const { made, headers } = await orders(request, names, { confirmer: true, date_livraison_prevue: day });
  const [a, b] = made;
  await open(page, `/tournees?jour=${day}`, accounts.controleur);
  await wokenUp(page);
  const lanes = page.locator('.lane');
  await expect(lanes.first().locator('.stop')).toHaveCount(2);
  for (const order of [a, b]) {
    await page.getByLabel(`Confier ${order.numero} à`).selectOption({ index: 1 });
    await expect(lanes.nth(1)).toContainText(order.numero);
  }
  await expect(lanes.nth(1)).toContainText('2 arrêts');
  await page.getByRole('button', { name: `Monter ${b.numero}` }).focus();
  await page.keyboard.press('Enter');
  await expect(lanes.nth(1).locator('.stop').first()).toContainText(b.numero);
  await expect(page.getByRole('button', { name: `Monter ${b.numero}` })).toBeFocused();
  await expect(page.getByText(`${b.numero} : arrêt 1 sur 2`)).toBeAttached();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(lanes.nth(1).locator('.stop').first()).toContainText(a.numero);
  await expect(async () => {
    const now = await (await request.get(`/api/v1/orders/${b.id}`, { headers })).json();
    expect(now.position_tournee).toBe(2);
  }).toPass();
  await expectAccessibleInBothThemes(page, 'tournées');

  // Dragged back to those that nobody has.
  await page.locator('.stop', { hasText: a.numero }).locator('.stop-grip').dragTo(lanes.first());
  await expect(lanes.first()).toContainText(a.numero);
  await expect(async () => {
    const now = await (await request.get(`/api/v1/orders/${a.id}`, { headers })).json();
    expect(now.livreur_id).toBeNull();
  }).toPass();

  // Somebody else was faster: the order goes back, and the page says why.
  await request.put(`/api/v1/orders/${a.id}`, { headers, data: { notes: 'Sonner' } });
  await page.getByLabel(`Confier ${a.numero} à`).selectOption({ index: 1 });
  await expect(page.getByRole('alert')).toContainText(a.numero);
  await expect(lanes.first()).toContainText(a.numero);
  // Once what the other saved has been read, the next try holds.
  await expect(async () => {
    await page.getByLabel(`Confier ${a.numero} à`).selectOption({ index: 1 });
    await expect(page.getByRole('alert')).toHaveCount(0, { timeout: 500 });
    const now = await (await request.get(`/api/v1/orders/${a.id}`, { headers })).json();
    expect(now.livreur_id).not.toBeNull();
  }).toPass();
});

test('what has left keeps a livreur, and the board says so @js', async ({ page, request }) => {
  const day = dayOf();
  const { made, headers } = await orders(request, [`Parti ${unique()}`], { confirmer: true, date_livraison_prevue: day });
  const [left] = made;
  await open(page, `/tournees?jour=${day}`, accounts.controleur);
  await wokenUp(page);
  const lanes = page.locator('.lane');
  const select = page.getByLabel(`Confier ${left.numero} à`);
  await select.selectOption({ index: 1 });
  await expect(lanes.nth(1)).toContainText(left.numero);
  await expect(async () => {
    const now = await (await request.get(`/api/v1/orders/${left.id}`, { headers })).json();
    expect(now.livreur_id).not.toBeNull();
  }).toPass();
  for (const statut of ['en_preparation', 'en_livraison']) {
    const moved = await request.patch(`/api/v1/orders/${left.id}/status`, { headers, data: { statut } });
    expect(moved.status()).toBe(200);
  }
  // The choice goes with the status, without reloading; what is dragged there all the same is explained.
  await expect(lanes.nth(1).locator('.stop', { hasText: left.numero })).toContainText('En livraison');
  await expect(select.locator('option', { hasText: 'Non assignée' })).toHaveCount(0);
  await page.locator('.stop', { hasText: left.numero }).locator('.stop-grip').dragTo(lanes.first());
  await expect(page.getByRole('alert')).toContainText(`${left.numero} est en livraison`);
  await expect(lanes.nth(1)).toContainText(left.numero);
});

// The board takes the forms over.
test('rounds are read and changed by plain forms @sans-js', async ({ page, request }) => {
  const day = dayOf();
  const { made } = await orders(request, [`Sans ${unique()}`], { confirmer: true, date_livraison_prevue: day });
  await open(page, `/tournees?jour=${day}`, accounts.controleur);
  const stop = page.locator('.stop', { hasText: made[0].numero });
  await stop.getByRole('combobox').selectOption({ index: 1 });
  await stop.getByRole('button', { name: 'Confier' }).click();
  await expect(page.locator('.lane').nth(1)).toContainText(made[0].numero);
  await expect(page).toHaveURL(new RegExp(`jour=${day}`));
});

test('rounds are not for those who only read', async ({ page }) => {
  await page.goto('/tournees');
  await signIn(page, accounts.lecture);
  await expect(page.getByRole('navigation').first()).not.toContainText('Tournées');
  expect((await page.goto('/tournees')).status()).toBe(403);
});
