// A slow network: what one does before the page wakes up counts, pressing twice is pressing once, and an answer
// that gets lost costs nothing. The WASM is held back where the moment matters, so that no test guesses it.
import { expect, keepAsleep, openAsleep, program, signedInAs, test, unique, wokenUp } from './support.mjs';

test.setTimeout(120_000);

// Two articles that no other test sells, by reference.
async function twoArticles(rest) {
  const categories = await rest.get('/categories/all');
  const made = [];
  for (const letter of ['A', 'B']) {
    const reference = unique(`LENT-${letter}`).replace(' ', '-').toUpperCase();
    const data = { nom: unique('Article lent'), reference, prix: '4.50', stock_initial: 50 };
    await rest.post('/products', { ...data, category_id: categories.items[0].id });
    made.push(reference);
  }
  return made;
}

// How many orders there are under a name.
async function ordersOf(rest, name) {
  const found = await rest.get(`/orders?search=${encodeURIComponent(name)}`);
  return found.items.filter((order) => order.client_nom === name);
}

async function fillOrder(page, name, [first, second]) {
  await page.locator('#client_nom').fill(name);
  await page.getByLabel('Article, ligne 1').fill(`2x ${first}`);
  await page.getByLabel('Article, ligne 2').fill(second);
  await page.getByLabel('Quantité, ligne 2').fill('3');
  await page.locator('#notes').fill('Sonner deux fois');
}

async function expectOneOrder(page, rest, name) {
  await expect(page).toHaveURL(/\/commandes\/\d+$/, { timeout: 60_000 });
  const orders = await ordersOf(rest, name);
  expect(orders.map((order) => order.items.map((item) => item.quantity))).toEqual([[2, 3]]);
  expect(orders[0].notes).toBe('Sonner deux fois');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(orders[0].numero);
}

// Two presses of the same button, as close as a hand does it.
const twice = {
  'two clicks': (button) => button.dblclick(),
  'Enter twice': async (button) => {
    await button.focus();
    const { keyboard } = button.page();
    await Promise.all([keyboard.press('Enter'), keyboard.press('Enter')]);
  },
};

for (const [how, press] of Object.entries(twice)) {
  test(`${how} before the page wakes up make one order @js`, async ({ page, request }) => {
    const [rest, name] = [await program(request), unique('Deux fois')];
    const articles = await twoArticles(rest);
    await signedInAs(page, 'controleur');
    const wake = await keepAsleep(page);
    await openAsleep(page, '/commandes/nouvelle');
    await fillOrder(page, name, articles);
    await press(page.getByRole('button', { name: 'Confirmer' }));
    await expectOneOrder(page, rest, name);
    wake();
  });

  test(`${how} make one order @js`, async ({ page, request }) => {
    const [rest, name] = [await program(request), unique('Deux fois')];
    const articles = await twoArticles(rest);
    await signedInAs(page, 'controleur');
    await page.goto('/commandes/nouvelle');
    await wokenUp(page);
    await fillOrder(page, name, articles);
    // The answer takes its time: the second press comes long before it.
    await page.route('**/_fn/create_order', async (route) => {
      const answer = await route.fetch();
      await new Promise((done) => { setTimeout(done, 500); });
      await route.fulfill({ response: answer });
    });
    await press(page.getByRole('button', { name: 'Confirmer' }));
    await expectOneOrder(page, rest, name);
  });
}

// With scripts, the tests above.
test('two clicks make one order @sans-js', async ({ page, request }) => {
  const [rest, name] = [await program(request), unique('Deux fois')];
  const articles = await twoArticles(rest);
  await signedInAs(page, 'controleur');
  await page.goto('/commandes/nouvelle');
  await fillOrder(page, name, articles);
  await page.getByRole('button', { name: 'Confirmer' }).dblclick();
  await expectOneOrder(page, rest, name);
});

test('Ctrl Enter twice makes one order @js', async ({ page, request }) => {
  const [rest, name] = [await program(request), unique('Ctrl')];
  const articles = await twoArticles(rest);
  await signedInAs(page, 'controleur');
  await page.goto('/commandes/nouvelle');
  await wokenUp(page);
  await fillOrder(page, name, articles);
  await page.locator('#notes').focus();
  await Promise.all([page.keyboard.press('Control+Enter'), page.keyboard.press('Control+Enter')]);
  await expectOneOrder(page, rest, name);
});

test('a page that wakes up leaves the box alone that one types in @js', async ({ page, request }) => {
  const [rest, name] = [await program(request), unique('Mot à mot')];
  const articles = await twoArticles(rest);
  await signedInAs(page, 'controleur');
  const wake = await keepAsleep(page);
  await openAsleep(page, '/commandes/nouvelle');
  await page.locator('#client_nom').fill(name);
  const box = page.getByLabel('Article, ligne 1');
  // By itself, the id of an article.
  await box.pressSequentially('2');
  wake();
  await wokenUp(page);
  await page.evaluate(() => new Promise((drawn) => { requestAnimationFrame(() => requestAnimationFrame(drawn)); }));
  await expect(box).toHaveValue('2');
  await box.pressSequentially(`x ${articles[0]}`);
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Quantité, ligne 1')).toHaveValue('2');
  await expect(page.getByText(`${articles[0]} · 50 disponibles`)).toBeVisible();
});

test('pressed once before the page wakes up and once after: one order @js', async ({ page, request }) => {
  const [rest, name] = [await program(request), unique('Entre-temps')];
  const articles = await twoArticles(rest);
  await signedInAs(page, 'controleur');
  const wake = await keepAsleep(page);
  await openAsleep(page, '/commandes/nouvelle');
  await fillOrder(page, name, articles);
  // The plain form reaches the server; the page stays, for the answer says nothing.
  let sent = 0;
  await page.route('**/commandes/nouvelle', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    sent = (await route.fetch({ maxRedirects: 0 })).status();
    return route.fulfill({ status: 204 });
  });
  await page.getByRole('button', { name: 'Confirmer' }).click({ noWaitAfter: true });
  await expect.poll(() => sent).toBe(303);
  wake();
  await wokenUp(page);
  await page.getByRole('button', { name: 'Confirmer' }).click();
  await expectOneOrder(page, rest, name);
});

test('an answer that got lost is asked for again: one order @js', async ({ page, request }) => {
  const [rest, name] = [await program(request), unique('Perdue')];
  const articles = await twoArticles(rest);
  await signedInAs(page, 'controleur');
  await page.goto('/commandes/nouvelle');
  await wokenUp(page);
  await fillOrder(page, name, articles);
  let lost = 0;
  await page.route('**/_fn/create_order', async (route) => {
    if (lost > 1) return route.fallback();
    lost += 1;
    await route.fetch();
    return route.abort();
  });
  for (const times of [1, 2]) {
    await page.getByRole('button', { name: 'Confirmer' }).click();
    await expect.poll(() => lost).toBe(times);
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Confirmer' })).not.toHaveAttribute('aria-busy', 'true');
    await expect(page.locator('#client_nom')).toHaveValue(name);
    await expect(page.locator('#notes')).toHaveValue('Sonner deux fois');
  }
  await page.getByRole('button', { name: 'Confirmer' }).click();
  await expectOneOrder(page, rest, name);
});

test('a plain form whose answer got lost is sent again: one order @js', async ({ page, request }) => {
  const [rest, name] = [await program(request), unique('Perdue sans script')];
  const articles = await twoArticles(rest);
  await signedInAs(page, 'controleur');
  const wake = await keepAsleep(page);
  await openAsleep(page, '/commandes/nouvelle');
  await fillOrder(page, name, articles);
  let lost = false;
  await page.route('**/commandes/nouvelle', async (route) => {
    if (lost || route.request().method() !== 'POST') return route.fallback();
    lost = true;
    await route.fetch({ maxRedirects: 0 });
    return route.abort();
  });
  await page.getByRole('button', { name: 'Confirmer' }).click({ noWaitAfter: true });
  await expect.poll(() => page.url()).toMatch(/chrome-error/);
  // What the browser offers there, once that page is there: the same form once more.
  await expect(() => page.reload()).toPass({ timeout: 20_000 });
  await expectOneOrder(page, rest, name);
  wake();
});

test('a movement whose answer got lost moves the stock once @js', async ({ page, request }) => {
  const rest = await program(request);
  const categories = await rest.get('/categories/all');
  const data = { nom: unique('Lent'), prix: '4.50', category_id: categories.items[0].id, stock_initial: 10 };
  const { id } = await rest.post('/products', data);
  await signedInAs(page, 'controleur');
  await page.goto(`/stocks/${id}?mouvement=sortie`);
  await wokenUp(page);
  const form = page.locator('#mouvement');
  await form.getByLabel('Quantité').fill('4');
  let lost = false;
  await page.route('**/_fn/move_stock', async (route) => {
    if (lost) return route.fallback();
    lost = true;
    await route.fetch();
    return route.abort();
  });
  await form.getByRole('button', { name: 'Enregistrer la sortie' }).click();
  await expect(form.getByRole('alert')).toBeVisible();
  await expect(form.getByLabel('Quantité')).toHaveValue('4');
  await form.getByRole('button', { name: 'Enregistrer la sortie' }).dblclick();
  await expect(page.locator('.table-movements tbody tr').first()).toContainText('−4');
  await expect.poll(async () => (await rest.get(`/stocks/${id}`)).quantite).toBe(6);
});

test('an order is entered on a slow network, from the first letter on @js', async ({ page, request }) => {
  test.setTimeout(180_000);
  const [rest, name] = [await program(request), unique('Troisième génération')];
  const articles = await twoArticles(rest);
  await signedInAs(page, 'controleur');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  // 3G: 400 ms there and back, 1.6 Mbit/s down, 750 kbit/s up.
  const profile = { offline: false, latency: 400, downloadThroughput: 200_000, uploadThroughput: 93_750 };
  await devtools.send('Network.emulateNetworkConditions', profile);
  await openAsleep(page, '/commandes/nouvelle');
  // Typed as a hand types, while the WASM is on its way and while the page wakes up.
  const type = async (box, text) => {
    await box.focus();
    await page.keyboard.type(text, { delay: 60 });
  };
  await type(page.locator('#client_nom'), name);
  await type(page.locator('#notes'), 'Sonner deux fois');
  await type(page.getByLabel('Article, ligne 1'), `2x ${articles[0]}`);
  await type(page.getByLabel('Article, ligne 2'), articles[1]);
  await type(page.getByLabel('Quantité, ligne 2'), '3');
  await page.getByRole('button', { name: 'Confirmer' }).dblclick();
  await expectOneOrder(page, rest, name);
});
