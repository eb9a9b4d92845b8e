// The keyboard alone: the palette, the keys of every page, an order entered and pasted, rows put in order, several
// orders at once, dialogs that keep the focus and give it back.
import { accounts, expect, expectAccessibleInBothThemes, program, signedInAs, signedOut, signIn, test, unique, wokenUp } from './support.mjs';

test.setTimeout(120_000);

async function open(page, path, role = 'controleur') {
  await signedInAs(page, role);
  await page.goto(path);
  await wokenUp(page);
}

async function order(rest, client_nom, more = {}) {
  const { items } = await rest.get('/products?search=HUI-OLI-50');
  return rest.post('/orders', { client_nom, items: [{ product_id: items[0].id, quantity: 1 }], ...more });
}

// Articles of one test, by reference.
async function articles(rest, count) {
  const categories = await rest.get('/categories/all');
  const made = [];
  for (let n = 1; n <= count; n += 1) {
    const reference = unique(`K${n}`).replace(' ', '-').toUpperCase();
    const data = { nom: unique(`Touche ${n}`), reference, prix: '4.50', stock_initial: 50 };
    made.push(await rest.post('/products', { ...data, category_id: categories.items[0].id }));
  }
  return made;
}

// The Tab key until something has the focus; fails when it never gets there.
async function tabTo(page, target, most = 60) {
  for (let n = 0; n < most; n += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
}

const palette = (page) => page.getByRole('dialog', { name: 'Aller à…' });
const proposals = (page) => palette(page).getByRole('option');

test('keys and the palette ask before what was typed is thrown away @js', async ({ page }) => {
  await open(page, '/clients/nouveau');
  const name = page.getByLabel('Nom', { exact: true });
  await name.fill('Pas encore enregistrée');
  const asked = [];
  let answer = 'dismiss';
  page.on('dialog', (dialog) => { asked.push(dialog.message()); return dialog[answer](); });
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('n');
  await expect.poll(() => asked.length).toBe(1);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('stocks');
  await expect(proposals(page).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect.poll(() => asked.length).toBe(2);
  await expect(page).toHaveURL(/\/clients\/nouveau$/);
  await expect(name).toHaveValue('Pas encore enregistrée');
  answer = 'accept';
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/\/commandes\/nouvelle$/);
  expect(asked).toHaveLength(3);
  expect(asked[0]).toContain('sans enregistrer');
});

test('Ctrl K leads to pages, actions, orders, products and clients @js', async ({ page, request }) => {
  const rest = await program(request);
  const name = unique('Palette');
  const [article] = await articles(rest, 1);
  const client = await rest.post('/clients', { nom: name });
  const made = await order(rest, unique('Commande'));
  await open(page, '/produits');
  const goTo = async (words, title, kind, address) => {
    await page.keyboard.press('Control+k');
    const box = palette(page).getByRole('combobox');
    await expect(box).toBeFocused();
    await page.keyboard.type(words);
    const option = proposals(page).filter({ hasText: title }).filter({ hasText: kind }).first();
    await expect(option).toBeVisible();
    // The arrows choose; the box keeps the focus and names the choice.
    for (let n = 0; n < 20 && (await option.getAttribute('aria-selected')) !== 'true'; n += 1) await page.keyboard.press('ArrowDown');
    await expect(box).toHaveAttribute('aria-activedescendant', await option.getAttribute('id'));
    await page.keyboard.press('Enter');
    await expect(palette(page)).toBeHidden();
    await expect(page).toHaveURL(new RegExp(`${address}$`));
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  };
  await goTo('stocks', 'Stocks', 'Page', '/stocks');
  await goTo('mouvement', 'Mouvements de stock', 'Page', '/stocks/mouvements');
  await goTo('preparation', 'Liste de préparation', 'Page', '/commandes/preparation');
  await goTo('nouveau client', 'Nouveau client', 'Action', '/clients/nouveau');
  await goTo(made.numero, made.numero, 'Commande', `/commandes/${made.id}`);
  await goTo(article.nom, article.nom, 'Produit', `/produits/${article.id}`);
  await goTo(name, name, 'Client', `/clients/${client.id}`);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('rien de tel nulle part');
  await expect(palette(page)).toContainText('Rien de ce nom.');
  await expectAccessibleInBothThemes(page, 'palette');
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
});

test('Ctrl K changes the colours, downloads a list and signs out @js', async ({ page }) => {
  // A session of its own: it ends here.
  await page.goto('/produits');
  await signIn(page, accounts.lecture);
  await expect(page).toHaveURL(/\/produits$/);
  await wokenUp(page);
  const take = async (words, title) => {
    await page.keyboard.press('Control+k');
    await expect(palette(page).getByRole('combobox')).toBeFocused();
    await page.keyboard.type(words);
    await expect(proposals(page).first()).toContainText(title);
    await page.keyboard.press('Enter');
    await expect(palette(page)).toBeHidden();
  };
  const root = page.locator('html');
  await take('theme sombre', 'Thème sombre');
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await take('theme systeme', 'Thème système');
  await expect(root).not.toHaveAttribute('data-theme', 'dark');
  const file = page.waitForEvent('download');
  await take('exporter produits', 'Exporter les produits');
  expect((await file).suggestedFilename()).toMatch(/\.xlsx$/);
  await take('deconnexion', 'Se déconnecter');
  await expect(page).toHaveURL(/\/connexion$/);
});

test('Ctrl K takes the list one is on as it is shown, and another one whole @js', async ({ page, request }) => {
  const rest = await program(request);
  const name = unique('Export affiché');
  await order(rest, name);
  const shown = `statut=brouillon&search=${encodeURIComponent(name)}&sort=-total`;
  await open(page, `/commandes?${shown}&per_page=50`);
  const take = async (title, detail) => {
    await page.keyboard.press('Control+k');
    await expect(palette(page).getByRole('combobox')).toBeFocused();
    await page.keyboard.type(title);
    await expect(proposals(page).first()).toContainText(title);
    await expect(proposals(page).first()).toContainText(detail);
    const file = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    const { pathname, search } = new URL((await file).url());
    return pathname + search;
  };
  expect(await take('Exporter les commandes', 'Ce qui est affiché')).toBe(`/exports/commandes?${shown}&format=xlsx`);
  expect(await take('Exporter les clients', 'Classeur Excel')).toBe('/exports/clients?format=xlsx');
});

test('Ctrl K offers nothing that a role may not see @js', async ({ page, request }) => {
  const rest = await program(request);
  const client = await rest.post('/clients', { nom: unique('Secret') });
  await open(page, '/commandes', 'lecture');
  await page.keyboard.press('Control+k');
  await expect(proposals(page).filter({ hasText: 'Clients' })).toHaveCount(1);
  for (const hidden of [/^Nouve/, /^Tournées/, /^Utilisateurs/, /^Journal/, /^Importer/, /^Exporter les (clients|commandes)/]) {
    await expect(proposals(page).filter({ hasText: hidden })).toHaveCount(0);
  }
  await page.keyboard.press('Escape');

  // A livreur is not led to an order of their own either: its page is closed to them.
  const { id } = await order(rest, client.nom, { confirmer: true });
  const { items: [courier] } = await rest.get(`/users?search=${encodeURIComponent(accounts.livreur[0])}`);
  await rest.post(`/orders/${id}/assign-livreur`, { livreur_id: courier.id });
  await signedOut(page);
  await open(page, '/produits', 'livreur');
  await page.keyboard.press('Control+k');
  await expect(proposals(page).filter({ hasText: /^Produits/ })).toHaveCount(1);
  for (const hidden of [/^Commandes/, /^Clients/, /^Stocks/, /^Mouvements/, /^Liste/, /^Tableau/, /^Nouve/]) {
    await expect(proposals(page).filter({ hasText: hidden })).toHaveCount(0);
  }
  const answered = page.waitForResponse('**/_fn/find_anything');
  await page.keyboard.type(client.nom);
  await answered;
  await expect(palette(page)).toContainText('Rien de ce nom.');
});

test('n, /, j, k, x and ? do what the list of keys says @js', async ({ page, request }) => {
  const rest = await program(request);
  const name = unique('Touches');
  const made = [];
  for (let n = 0; n < 3; n += 1) made.unshift(await order(rest, name));
  await open(page, `/commandes?search=${encodeURIComponent(name)}`);
  const rows = page.locator('tbody a.row-target');
  await expect(rows).toHaveCount(3);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Raccourcis clavier' });
  for (const place of ['Partout', 'Dans une liste', 'Sur une ligne des stocks', 'En saisissant une commande', 'Sur un arrêt des tournées']) {
    await expect(help.getByRole('heading', { name: place })).toBeVisible();
  }
  for (const key of ['n', '/', 'j', 'k', 'x', '?', 'Ctrl', '↓', 'e', 'Alt']) await expect(help.locator('kbd', { hasText: key }).first()).toBeVisible();
  await expectAccessibleInBothThemes(page, 'raccourcis');
  // An open question keeps its keys to itself.
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/\/commandes\?search/);
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();

  await page.keyboard.press('j');
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(rows.nth(2)).toBeFocused();
  await page.keyboard.press('k');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('x');
  await expect(page.getByLabel(`Sélectionner ${made[1].numero}`)).toBeChecked();
  await expect(rows.nth(1)).toBeFocused();

  await page.keyboard.press('/');
  const search = page.getByRole('searchbox');
  await expect(search).toBeFocused();
  // Letters belong to whoever types; the old search is selected, so that typing replaces it.
  await page.keyboard.type('njk?');
  await expect(search).toHaveValue('njk?');
  await search.fill(name);
  await expect(rows).toHaveCount(3);
  await search.blur();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/commandes/${made[0].id}$`));
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/\/commandes\/nouvelle$/);
  await expect(page.locator('#client_nom')).toBeFocused();
});

test('j and k walk through every list @js', async ({ page, request }) => {
  const rest = await program(request);
  const { items: [product] } = await rest.get('/products?search=HUI-OLI-50');
  for (let n = 0; n < 3; n += 1) await rest.post('/stocks/entry', { product_id: product.id, quantite: 1 });
  const day = new Date().toISOString().slice(0, 10);
  const more = { confirmer: true, date_livraison_prevue: day };
  for (let n = 0; n < 2; n += 1) await order(rest, unique('Arrêt'), more);
  const lists = [
    '/commandes', '/produits', '/categories', '/stocks', '/stocks/mouvements', `/stocks/${product.id}`, '/clients',
    '/utilisateurs', '/journal', `/tournees?jour=${day}`,
  ];
  await signedInAs(page, 'admin');
  for (const path of lists) {
    await page.goto(path);
    await wokenUp(page);
    const rows = page.locator('main .row-target, main .row-here');
    expect(await rows.count(), path).toBeGreaterThan(1);
    await page.keyboard.press('j');
    await expect(rows.nth(0), path).toBeFocused();
    await page.keyboard.press('j');
    await expect(rows.nth(1), path).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(rows.nth(0), path).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(rows.nth(1), path).toBeFocused();
    await page.keyboard.press('k');
    await expect(rows.nth(0), path).toBeFocused();
  }
});

test('those who do not enter orders have no key for it @js', async ({ page }) => {
  await open(page, '/commandes', 'lecture');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Raccourcis clavier' });
  await expect(help).toBeVisible();
  await expect(help).not.toContainText('Nouvelle commande');
  await expect(help).not.toContainText('Sur une ligne des stocks');
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await expect(page).toHaveURL(/\/commandes$/);
});

test('an order of five lines takes its letters and one key a line @js', async ({ page, request }) => {
  const rest = await program(request);
  const five = await articles(rest, 5);
  const client = await rest.post('/clients', { nom: unique('Habituée'), telephone: '06 39 98 55 10', ville: 'Nantes' });
  await open(page, '/commandes');
  let strokes = 0;
  const press = async (key) => { strokes += 1; await page.keyboard.press(key); };
  const type = async (text) => { strokes += text.length; await page.keyboard.type(text); };

  await press('n');
  await expect(page.locator('#client_nom')).toBeFocused();
  await type(client.nom.slice(0, 14));
  await expect(page.getByRole('listbox', { name: 'Clients connus' }).getByRole('option').first()).toContainText(client.nom);
  await press('Enter');
  await expect(page.getByText('Client connu')).toBeVisible();
  await expect(page.locator('#ville')).toHaveValue('Nantes');
  const letters = [];
  for (const [at, article] of five.entries()) {
    const box = page.getByLabel(`Article, ligne ${at + 1}`);
    await expect(box).toBeFocused();
    // A quantity in front leads straight to the next line.
    letters.push(`${at + 2}x ${article.reference}`);
    await type(letters[at]);
    await press('Enter');
    await expect(box).toHaveValue(article.nom);
    await expect(page.getByLabel(`Quantité, ligne ${at + 1}`)).toHaveValue(String(at + 2));
  }
  await expect(page.getByLabel('Article, ligne 6')).toBeFocused();
  // 20 pieces at 4,50 €.
  await expect(page.getByTestId('total')).toHaveText(/^90,00/);
  await press('Control+Enter');
  await expect(page).toHaveURL(/\/commandes\/\d+$/);
  // n, the client and Enter; a line: its letters and Enter; Ctrl Enter.
  expect(strokes).toBe(1 + 14 + 1 + letters.join('').length + five.length + 1);
  const saved = await rest.get(`/orders/${page.url().split('/').pop()}`);
  expect([saved.client_id, saved.statut]).toEqual([client.id, 'confirmee']);
  const lines = saved.items.map((item) => [item.product_id, item.quantity]);
  expect(lines).toEqual(five.map((article, at) => [article.id, at + 2]));
});

test('an order is entered by name, with arrows, Tab and Enter @js', async ({ page, request }) => {
  const rest = await program(request);
  const [first, second] = await articles(rest, 2);
  await open(page, '/commandes/nouvelle');
  await expect(page.locator('#client_nom')).toBeFocused();
  await page.keyboard.type('Nouvelle au comptoir');
  await tabTo(page, page.getByLabel('Article, ligne 1'));
  // Without a quantity in front, Enter takes the proposal and asks for it.
  await page.keyboard.type(first.nom);
  await expect(page.getByRole('listbox', { name: 'Articles proposés' }).getByRole('option').first()).toContainText(first.nom);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Quantité, ligne 1')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByLabel('Quantité, ligne 1')).toHaveValue('3');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Article, ligne 2')).toBeFocused();
  await page.keyboard.type(second.reference);
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Quantité, ligne 2')).toBeFocused();
  await page.keyboard.type('60');
  // More than there is: said at once.
  await expect(page.locator('.entry-line').nth(1)).toContainText('Plus que 50');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Article, ligne 3')).toBeFocused();
  // An empty line ends the entry.
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Confirmer' })).toBeFocused();
  await page.keyboard.press('Enter');
  // Refused, with the cursor where it is wrong and nothing lost.
  await expect(page.getByLabel('Quantité, ligne 2')).toBeFocused();
  await page.keyboard.type('5');
  await page.keyboard.press('Control+Enter');
  await expect(page).toHaveURL(/\/commandes\/\d+$/);
  const saved = await rest.get(`/orders/${page.url().split('/').pop()}`);
  expect(saved.items.map((item) => [item.product_id, item.quantity])).toEqual([[first.id, 3], [second.id, 5]]);
});

test('lines are pasted from a spreadsheet @js', async ({ page, request, context }) => {
  const rest = await program(request);
  const seven = await articles(rest, 7);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, '/commandes/nouvelle');
  await page.locator('#client_nom').fill('Au tableur');
  const paste = async (text) => {
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await page.keyboard.press('Control+v');
  };
  await page.getByLabel('Article, ligne 1').focus();
  // More lines than the form had; columns that do not matter; a line that is unknown, one without a quantity.
  const rows = seven.map(({ reference, nom }, at) => (at < 6 ? `${reference}\t${nom}\t4,50\t${at + 1}` : `${reference}\t${nom}\t4,50\t`));
  await paste(`Référence\tDésignation\tPrix\tQuantité\r\n${rows.join('\r\n')}\r\nINCONNU-0\tRien\t1,00\t4\r\n`);
  for (const [at, article] of seven.entries()) {
    await expect(page.getByLabel(`Article, ligne ${at + 1}`)).toHaveValue(article.nom);
    await expect(page.getByLabel(`Quantité, ligne ${at + 1}`)).toHaveValue(at < 6 ? String(at + 1) : '');
  }
  await expect(page.getByLabel('Article, ligne 8')).toHaveValue('INCONNU-0');
  await expect(page.getByLabel('Article, ligne 8')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Article, ligne 9')).toBeFocused();
  // 22 pieces at 4,50 €.
  await expect(page.getByTestId('total')).toHaveText(/^99,00/);

  // One cell is just text; the unknown line is mended by hand.
  await page.getByLabel('Article, ligne 8').fill('');
  await page.getByLabel('Article, ligne 8').focus();
  await paste(seven[0].reference);
  await expect(page.getByLabel('Article, ligne 8')).toHaveValue(seven[0].reference);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Article, ligne 8')).toHaveValue(seven[0].nom);
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page).toHaveURL(/\/commandes\/\d+$/);
  const saved = await rest.get(`/orders/${page.url().split('/').pop()}`);
  const wanted = [...seven, seven[0]].map((article, at) => [article.id, [1, 2, 3, 4, 5, 6, 1, 4][at]]);
  const sum = (lines) => Object.fromEntries(lines.map(([id]) => [id, lines.filter(([other]) => other === id).reduce((n, [, q]) => n + q, 0)]));
  expect(sum(saved.items.map((item) => [item.product_id, item.quantity]))).toEqual(sum(wanted));
});

test('a pasted quantity that cannot be read is shown, not made one @js', async ({ page, request, context }) => {
  const [first, second] = await articles(await program(request), 2);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, '/commandes/nouvelle');
  await page.locator('#client_nom').fill('Au tableur');
  await page.getByLabel('Article, ligne 1').focus();
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), `${first.reference}\t2,5\r\n${second.reference}\t3`);
  await page.keyboard.press('Control+v');
  await expect(page.getByLabel('Article, ligne 2')).toHaveValue(second.nom);
  const wrong = page.getByLabel('Quantité, ligne 1');
  await expect(wrong).toHaveValue('2,5');
  await expect(wrong).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('Un nombre entier est attendu.')).toBeVisible();
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(wrong).toBeFocused();
  await expect(page).toHaveURL(/\/commandes\/nouvelle$/);
  await wrong.fill('2');
  await page.getByRole('button', { name: 'Enregistrer le brouillon' }).click();
  await expect(page).toHaveURL(/\/commandes\/\d+$/);
});

test('categories are put in order by keys, and the focus goes along @js', async ({ page, request }) => {
  const rest = await program(request);
  const nom = unique('Clavier');
  await rest.post('/categories', { nom });
  await open(page, '/categories', 'admin');
  const names = () => page.locator('tbody th').allInnerTexts();
  const before = await names();
  const at = before.indexOf(nom);
  const up = page.getByRole('button', { name: `Monter ${nom}`, exact: true });
  const down = page.getByRole('button', { name: `Descendre ${nom}`, exact: true });
  await tabTo(page, up, 200);
  await page.keyboard.press('Enter');
  await expect(up).toBeFocused();
  await page.keyboard.press('Space');
  await expect.poll(names).toEqual([...before.slice(0, at - 2), nom, before[at - 2], before[at - 1], ...before.slice(at + 1)]);
  await expect(page.getByText(`${nom} : place ${at - 1} sur ${before.length}`)).toBeAttached();
  await page.keyboard.press('Tab');
  await expect(down).toBeFocused();
  const saved = page.waitForResponse('**/_fn/reorder_categories');
  await page.keyboard.press('Enter');
  await saved;
  const moved = [...before.slice(0, at - 1), nom, before[at - 1], ...before.slice(at + 1)];
  await expect.poll(names).toEqual(moved);
  await page.reload();
  await expect.poll(names).toEqual(moved);
});

test('rounds are made by keys alone @js', async ({ page, request }) => {
  const rest = await program(request);
  const day = new Date(Date.UTC(2040, 0, 1 + Math.floor(Math.random() * 18000))).toISOString().slice(0, 10);
  const more = { confirmer: true, date_livraison_prevue: day };
  const a = await order(rest, unique('A'), more);
  const b = await order(rest, unique('B'), more);
  await open(page, `/tournees?jour=${day}`);
  const lane = page.locator('.lane').nth(1);
  for (const { numero } of [a, b]) {
    const select = page.getByLabel(`Confier ${numero} à`);
    await tabTo(page, select, 80);
    await page.keyboard.press('ArrowDown');
    await expect(lane).toContainText(numero);
    // The stop moved in the page: the cursor went along.
    await expect(page.getByLabel(`Confier ${numero} à`)).toBeFocused();
  }
  const up = page.getByRole('button', { name: `Monter ${b.numero}` });
  await tabTo(page, up, 80);
  await page.keyboard.press('Enter');
  await expect(lane.locator('.stop').first()).toContainText(b.numero);
  await expect(up).toBeFocused();
  await expect.poll(async () => (await rest.get(`/orders/${b.id}`)).position_tournee).toBe(1);
  await page.keyboard.press('Alt+ArrowDown');
  await expect(lane.locator('.stop').first()).toContainText(a.numero);
  await expect.poll(async () => (await rest.get(`/orders/${b.id}`)).position_tournee).toBe(2);
  // From the stop itself too, where j and k lead.
  const stop = lane.locator('.stop', { hasText: b.numero }).getByRole('link', { name: b.numero });
  await stop.focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(lane.locator('.stop').first()).toContainText(b.numero);
  await expect(stop).toBeFocused();
  await expect.poll(async () => (await rest.get(`/orders/${b.id}`)).position_tournee).toBe(1);
});

test('several orders are confirmed by keys, and the dialog keeps the focus @js', async ({ page, request }) => {
  const rest = await program(request);
  const name = unique('Lot au clavier');
  const made = [await order(rest, name), await order(rest, name)];
  await open(page, `/commandes?search=${encodeURIComponent(name)}`);
  await expect(page.locator('tbody a.row-target')).toHaveCount(2);
  for (let n = 0; n < 2; n += 1) {
    const row = page.locator('tbody tr').nth(n);
    // While what others did is being drawn, a row has no focus for an instant.
    await expect(async () => {
      const target = row.locator('a.row-target');
      if (!await target.evaluate((link) => link === document.activeElement)) await page.keyboard.press('j');
      await expect(target).toBeFocused({ timeout: 1000 });
    }).toPass();
    await page.keyboard.press('x');
    await expect(row.locator('input[data-select]')).toBeChecked();
  }
  const bar = page.getByRole('region', { name: 'Actions sur la sélection' });
  await expect(bar).toContainText(/^2\s/);
  const confirm = bar.getByRole('button', { name: 'Confirmer' });
  await tabTo(page, confirm, 120);
  await page.keyboard.press('Enter');
  await expect(page.locator('tbody tr', { hasText: 'Confirmée' })).toHaveCount(2);

  await page.keyboard.press('Escape');
  await page.locator('tbody a.row-target').first().focus();
  for (let n = 0; n < 2; n += 1) {
    await page.keyboard.press(n ? 'j' : 'x');
    if (n) await page.keyboard.press('x');
  }
  const cancel = bar.getByRole('button', { name: 'Annuler', exact: true });
  await tabTo(page, cancel, 120);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Annuler 2 commandes' });
  await expect(dialog).toBeVisible();
  // Round and round, the focus does not leave the question for the page behind it.
  for (let n = 0; n < 12; n += 1) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null)).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(cancel).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, dialog.getByLabel('Motif'));
  await page.keyboard.type('Erreur de saisie');
  await tabTo(page, dialog.getByRole('button', { name: 'Annuler les commandes' }));
  await page.keyboard.press('Enter');
  await expect(page.locator('tbody tr', { hasText: 'Annulée' })).toHaveCount(2);
  for (const { id } of made) expect((await rest.get(`/orders/${id}`)).statut).toBe('annulee');
});

test('the link past the menu, and the focus after following a link @js', async ({ page }) => {
  await open(page, '/produits', 'lecture');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Aller au contenu' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#contenu')).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/produits\/\d+$/);
  // Not at the top of the document again.
  await expect(page.locator('main:focus, main :focus')).toHaveCount(1);
});
