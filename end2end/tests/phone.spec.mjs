// In the hand: stops and categories dragged by a finger, with buttons that do the same, and nothing that jumps
// while a page loads.
import { expect, program, signedInAs, test, unique, wokenUp } from './support.mjs';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
test.setTimeout(120_000);

// A finger that takes hold of something, goes somewhere and lets go (or is interrupted).
async function finger(page, from, to, end = 'touchEnd') {
  const devtools = await page.context().newCDPSession(page);
  const touch = (type, point) => devtools.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] });
  await touch('touchStart', from);
  for (let n = 1; n <= 8; n += 1) {
    await touch('touchMove', { x: from.x + ((to.x - from.x) * n) / 8, y: from.y + ((to.y - from.y) * n) / 8 });
  }
  await touch(end);
  await devtools.detach();
}

async function middle(locator) {
  const box = await locator.boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function day(rest, letters) {
  const { items } = await rest.get('/products?search=HUI-OLI-50');
  const date = new Date(Date.UTC(2040, 0, 1 + Math.floor(Math.random() * 18000))).toISOString().slice(0, 10);
  const made = [];
  for (const letter of letters) {
    const data = { client_nom: unique(letter), confirmer: true, date_livraison_prevue: date };
    made.push(await rest.post('/orders', { ...data, items: [{ product_id: items[0].id, quantity: 1 }] }));
  }
  return { date, made };
}

test('a finger puts stops in order and gives them to somebody @js', async ({ page, request }) => {
  const rest = await program(request);
  const { date, made } = await day(rest, ['A', 'B', 'C']);
  const couriers = await rest.get('/users/livreurs');
  const courier = couriers.items?.[0] ?? couriers[0];
  for (const { id } of made) await rest.post(`/orders/${id}/assign-livreur`, { livreur_id: courier.id });
  await signedInAs(page, 'controleur');
  await page.goto(`/tournees?jour=${date}`);
  await wokenUp(page);
  const lane = page.locator(`[data-tournee="${courier.id}"]`);
  const stops = lane.locator('.stop');
  await expect(stops).toHaveCount(3);
  const numbers = () => stops.locator('.stop-number').allInnerTexts();
  const [first, second, third] = await numbers();
  const grip = (numero) => page.locator('.stop', { hasText: numero }).locator('.stop-grip');
  const size = await grip(first).boundingBox();
  expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(44);

  await grip(first).scrollIntoViewIfNeeded();
  await page.evaluate(() => window.scrollTo(0, document.querySelector('[data-tournee] .stop-grip').getBoundingClientRect().top + window.scrollY - 200));
  const saved = page.waitForResponse('**/_fn/save_round');
  await finger(page, await middle(grip(first)), await middle(grip(second)));
  await saved;
  expect(await numbers()).toEqual([second, first, third]);
  await expect.poll(async () => (await rest.get(`/orders/by-numero/${first}`)).position_tournee).toBe(2);

  // Interrupted, it goes back.
  await finger(page, await middle(grip(second)), await middle(grip(first)), 'touchCancel');
  expect(await numbers()).toEqual([second, first, third]);
  await expect(page.locator('.stop-dragged, .stop-before, .stop-behind, .lane-over')).toHaveCount(0);

  // A finger beside the handle scrolls the page and moves nothing.
  const where = page.locator('.stop', { hasText: second }).locator('.stop-facts');
  const start = await middle(where);
  await finger(page, start, { x: start.x, y: start.y - 150 });
  expect(await numbers()).toEqual([second, first, third]);

  // The same without dragging.
  await page.getByRole('button', { name: `Descendre ${second}` }).tap();
  await expect.poll(numbers).toEqual([first, second, third]);
  await page.getByLabel(`Confier ${first} à`).selectOption('');
  await expect(page.locator('[data-tournee=""]')).toContainText(first);
  await expect.poll(async () => (await rest.get(`/orders/by-numero/${first}`)).livreur_id).toBeNull();

  // From those that nobody has, over to a round; the page scrolls along near its edge.
  await grip(first).scrollIntoViewIfNeeded();
  const over = page.waitForResponse('**/_fn/save_round');
  await page.evaluate(() => window.scrollTo(0, 0));
  await finger(page, await middle(grip(first)), await middle(grip(second)));
  await over;
  await expect(lane).toContainText(first);
});

test('a finger puts categories in order @js', async ({ page, request }) => {
  const rest = await program(request);
  await rest.post('/categories', { nom: unique('Doigt') });
  await signedInAs(page, 'admin');
  await page.goto('/categories');
  await wokenUp(page);
  const names = () => page.locator('tbody th').allInnerTexts();
  const before = await names();
  const last = before.length - 1;
  const grip = (at) => page.locator('.category-grip').nth(at);
  await page.evaluate((at) => {
    const { top } = document.querySelectorAll('.category-grip')[at].getBoundingClientRect();
    window.scrollTo(0, top + window.scrollY - 300);
  }, last - 1);
  const saved = page.waitForResponse('**/_fn/reorder_categories');
  await finger(page, await middle(grip(last)), await middle(grip(last - 1)));
  await saved;
  expect(await names()).toEqual([...before.slice(0, last - 1), before[last], before[last - 1]]);
});

test('two long values stand one below the other, and break nothing @js', async ({ page, request }) => {
  const rest = await program(request);
  const client = await rest.post('/clients', { nom: unique('Client disert') });
  const mark = unique('').trim();
  const email = (letter) => `${letter.repeat(40)}${mark}@${letter.repeat(30)}.example`;
  await signedInAs(page, 'controleur');
  await page.goto(`/clients/${client.id}/modifier`);
  await wokenUp(page);
  await rest.put(`/clients/${client.id}`, { email: email('b'), notes: 'n'.repeat(90), adresse: 'r'.repeat(90) });
  const form = page.getByRole('form', { name: 'Client' });
  await form.getByLabel('E-mail').fill(email('a'));
  await form.getByLabel('Notes').fill('m'.repeat(90));
  await form.getByRole('button', { name: 'Enregistrer' }).click();
  const notice = form.getByRole('alert');
  const [mine, theirs] = [email('a'), email('b')].map((name) => notice.getByRole('button', { name, exact: true }));
  await expect(theirs).toBeVisible();
  for (const width of [320, 390, 1440]) {
    await page.setViewportSize({ width, height: 844 });
    const [here, there] = [await mine.boundingBox(), await theirs.boundingBox()];
    if (width < 768) expect(there.y, `${width}`).toBeGreaterThanOrEqual(here.y + here.height);
    else expect(there.x, `${width}`).toBeGreaterThanOrEqual(here.x + here.width);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wider, `${width}`).toBe(0);
    // Neither a button out of the notice nor words out of their button.
    const out = await notice.evaluate((box) => {
      const { right } = box.getBoundingClientRect();
      const spilt = (element) => element.getBoundingClientRect().right > right || element.scrollWidth > element.clientWidth + 1;
      return [...box.querySelectorAll('.btn, dd, td')].filter(spilt).map((element) => element.textContent);
    });
    expect(out, `${width}`).toEqual([]);
  }
});

test('the day of the rounds stands between its arrows, however narrow', async ({ page }) => {
  await signedInAs(page, 'controleur');
  await page.goto('/tournees');
  const main = page.getByRole('main');
  const before = main.getByRole('link', { name: 'Jour précédent' });
  const after = main.getByRole('link', { name: 'Jour suivant' });
  const day = main.getByLabel('Jour', { exact: true });
  for (const width of [320, 360, 390, 768, 1440]) {
    await page.setViewportSize({ width, height: 844 });
    const boxes = [];
    for (const part of [before, day, after]) boxes.push(await part.boundingBox());
    const [left, field, right] = boxes;
    expect(field.x, `${width}`).toBeGreaterThanOrEqual(left.x + left.width);
    expect(right.x, `${width}`).toBeGreaterThanOrEqual(field.x + field.width);
    for (const arrow of [left, right]) {
      const middle = arrow.y + arrow.height / 2;
      expect(middle > field.y && middle < field.y + field.height, `${width}: in one row`).toBe(true);
    }
    expect(field.width, `${width}: the whole date`).toBeGreaterThanOrEqual(140);
    expect(right.x + right.width, `${width}`).toBeLessThanOrEqual(width);
  }
});

for (const width of [390, 1440]) {
  test(`nothing jumps while a page loads, at ${width} px @js`, async ({ page, request }) => {
    await page.setViewportSize({ width, height: 900 });
    // From before the first pixel on. What follows a press within half a second is not counted, as everywhere.
    await page.addInitScript(() => {
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) {
          if (shift.hadRecentInput) continue;
          const nodes = shift.sources.map(({ node }) => node?.className || node?.nodeName);
          window.shifts.push({ value: shift.value, nodes });
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    const rest = await program(request);
    const [order] = (await rest.get('/orders?per_page=1')).items;
    const [product] = (await rest.get('/products?per_page=1')).items;
    await signedInAs(page, 'admin');
    const paths = ['/', '/commandes', '/commandes/nouvelle', `/commandes/${order.id}`, '/produits', `/produits/${product.id}`,
      '/categories', '/stocks', `/stocks/${product.id}`, '/clients', '/tournees', '/utilisateurs', '/journal', '/profil'];
    for (const path of paths) {
      await page.goto(path);
      await wokenUp(page);
      await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
      const shifts = await page.evaluate(() => window.shifts);
      const sum = shifts.reduce((total, { value }) => total + value, 0);
      expect(sum, `${path}: ${JSON.stringify(shifts)}`).toBeLessThan(0.02);
    }
  });
}
