// Every figure of the dashboard opens exactly what it counts: the list's own sum is the figure.
import { accounts, expect, expectAccessible, figure, signIn, test, wokenUp } from './support.mjs';

// Amounts and numbers as French writes them, in the order in which they stand in a text.
const numbers = (text) => (text.match(/-?\d[\d\u202f\u00a0 ]*(,\d+)?/g) ?? []).map(figure);

async function sum(page, href) {
  await page.goto(href);
  return numbers(await page.locator('.list-sum').innerText());
}

async function dashboard(page, query = '') {
  await page.goto(`/${query}`);
  if (/connexion/.test(page.url())) await signIn(page, accounts.lecture);
  await expect(page.locator('.kpis')).toBeVisible();
}

// Of each row: where it leads, what stands in its cells, and where each of its figures leads.
const texts = (locator) => locator.evaluateAll((all) => all.map((row) => ({
  href: row.querySelector('a')?.getAttribute('href'),
  cells: [...row.querySelectorAll('td')].map((cell) => cell.innerText),
  figures: [...row.querySelectorAll('td')].map((cell) => cell.querySelector('a')?.getAttribute('href')),
})));

test('the key figures are the sums of what they open', async ({ page }) => {
  await dashboard(page);
  const kpi = async (name) => {
    const link = page.getByRole('article', { name, exact: true }).locator('.kpi-value');
    return [figure(await link.innerText()), await link.getAttribute('href')];
  };
  const [turnover, sold] = await kpi("Chiffre d'affaires");
  const [orders, soldToo] = await kpi('Commandes');
  const [basket, soldAgain] = await kpi('Panier moyen');
  const [delivered, handed] = await kpi('Livré');
  expect([soldToo, soldAgain]).toEqual([sold, sold]);
  const before = await page.locator('.kpi-before').first().getAttribute('href');
  expect(turnover).toBeGreaterThan(0);

  const [amount, counted] = await sum(page, sold);
  // A large amount is shown without its cents.
  expect(Math.abs(amount - turnover)).toBeLessThan(1);
  expect(counted).toBe(orders);
  expect(basket).toBeCloseTo(amount / counted, 1);
  const [handedOver] = await sum(page, handed);
  expect(Math.abs(handedOver - delivered)).toBeLessThan(1);

  // The period before: what the change is against, of what was sold and of what of it was delivered.
  for (const [name, now, all] of [["Chiffre d'affaires", amount, before], ['Livré', handedOver, null]]) {
    await page.goto('/');
    const card = page.getByRole('article', { name, exact: true });
    const against = await card.locator('.kpi-before').getAttribute('href');
    if (all) expect(against).toBe(all);
    const change = figure(await card.locator('.kpi-trend').innerText());
    await expect(card.locator('.sparkline')).toHaveCount(1);
    const [earlier] = await sum(page, against);
    expect(Math.abs(change), name).toBeCloseTo(Math.abs((now - earlier) * 100 / earlier), 0);
  }
});

test('articles, categories, statuses and days open what they count', async ({ page }) => {
  await dashboard(page);
  const region = (name) => page.getByRole('region', { name, exact: true });
  const articles = await texts(region('Meilleures ventes').locator('tbody tr'));
  const categories = await texts(region('Catégories').locator('tbody tr'));
  const statuses = (await texts(region('Commandes par statut').locator('tbody tr'))).filter(({ cells }) => cells[0] !== '0');
  const parts = await region('Catégories').locator('.donut-part').evaluateAll((all) => all.map((part) => ({
    href: part.getAttribute('href'), words: part.getAttribute('aria-label').split(' : ')[1],
  })));
  const entered = region('Commandes par statut').locator('.card-lead a');
  const [all, everything] = [figure(await entered.innerText()), await entered.getAttribute('href')];
  await page.locator('summary', { hasText: 'jour par jour' }).click();
  const days = (await texts(page.locator('.chart-table tbody tr'))).filter(({ cells }) => cells[1] !== '0');
  // Each figure leads where its row does: units, amounts, shares, not the names alone.
  for (const { href, figures } of [...articles, ...categories, ...statuses]) {
    expect(figures).toEqual(figures.map(() => href));
  }
  // Of a day, what was handed over is told last: it has orders of its own, if any.
  for (const { href, figures } of days) {
    expect(figures.slice(0, 4)).toEqual(Array(4).fill(href));
    expect(figures.slice(4).every((handed) => !handed || handed.includes('statut=livree'))).toBe(true);
  }
  expect(Math.min(parts.length, articles.length, categories.length, statuses.length, days.length)).toBeGreaterThan(1);

  for (const { href, cells } of [...articles.slice(0, 4), ...articles.slice(-1), ...categories.slice(0, 4)]) {
    // The orders, and what this article or category brought of them, and how many.
    const [, , part, units] = await sum(page, href);
    expect([units, part], href).toEqual([figure(cells[0]), figure(cells[1])]);
  }
  // The parts of the ring: the last one is all the categories that have none of their own.
  for (const { href, words } of parts) {
    const [, , part] = await sum(page, href);
    expect(part, href).toBe(numbers(words)[0]);
  }
  for (const { href, cells } of statuses) {
    const [amount, counted] = await sum(page, href);
    expect([counted, amount], href).toEqual([figure(cells[0]), figure(cells[1])]);
  }
  expect((await sum(page, everything))[1]).toBe(all);
  for (const { figures, cells } of days.filter((day) => day.figures[4]).slice(0, 2)) {
    expect(await sum(page, figures[4])).toContain(figure(cells[4]));
  }
  for (const { href, cells } of days.slice(0, 4)) {
    const [amount, counted, units] = await sum(page, href);
    expect([amount, counted, units], href).toEqual([figure(cells[0]), figure(cells[1]), figure(cells[2])]);
    expect(figure(cells[3]), href).toBeCloseTo(amount / counted, 1);
  }
});

test('the statuses that a figure counts are told above its list, and left with one press', async ({ page }) => {
  await dashboard(page);
  await page.getByRole('article', { name: "Chiffre d'affaires", exact: true }).locator('.kpi-value').click();
  const chips = page.getByRole('group', { name: 'Filtres actifs' });
  const statuses = 'Confirmée, en préparation, en livraison ou livrée';
  await expect(chips).toContainText(statuses);
  await chips.getByRole('link', { name: statuses }).click();
  await expect(page).not.toHaveURL(/statut=/);
  await expect(page).toHaveURL(/date_champ=confirmed_at&start_date=/);
  await expect(chips).not.toContainText(statuses);
  await expect(chips).toContainText('Confirmée du');
});

test('stock figures open the stocks they count', async ({ page }) => {
  await dashboard(page);
  const facts = await page.locator('.stock-facts:not(.delivery-facts) > div').evaluateAll((all) => all.map((fact) => ({
    name: fact.querySelector('dt').innerText,
    value: fact.querySelector('a').innerText,
    href: fact.querySelector('a').getAttribute('href'),
  })));
  expect(facts.map(({ name, href }) => [name, href])).toEqual([
    ['Ruptures', '/stocks?statut=rupture'],
    ['Alertes', '/stocks?statut=alerte'],
    ['Produits', '/stocks'],
    ['Valeur du stock', '/stocks?sort=-valeur'],
  ]);
  const short = await page.locator('.short-row a').first().getAttribute('href');
  const named = await page.locator('.short-row').count();
  const more = page.getByRole('link', { name: /^Voir les \d+\sproduits à réapprovisionner$/ });
  const [all, href] = [figure(await more.innerText()), await more.getAttribute('href')];
  for (const { name, value, href: list } of facts) {
    const [worth, products] = await sum(page, list);
    if (name === 'Valeur du stock') expect(Math.abs(worth - figure(value))).toBeLessThanOrEqual(0.5);
    else expect(products, name).toBe(figure(value));
  }
  // The demo shop has more that run short than are named.
  const [, products] = await sum(page, href);
  expect(products).toBe(all);
  expect(all).toBeGreaterThan(named);
  await expect(page.getByRole('link', { name: /^À réapprovisionner/ })).toHaveAttribute('aria-current', 'page');
  await page.goto(short);
  await expect(page.getByRole('region', { name: 'Niveau' })).toBeVisible();
});

test('a small phone cuts no amount, and its dates keep apart', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 800 });
  await dashboard(page);
  const frames = page.locator('.card-table');
  await expect(frames).toHaveCount(3);
  const cut = await frames.evaluateAll((all) => all.map((frame) => [frame.getAttribute('aria-label'), frame.scrollWidth - frame.clientWidth]));
  expect(cut.filter(([, more]) => more > 0)).toEqual([]);
  const words = await page.locator('.chart-axis text').evaluateAll((all) => all.filter((word) => word.checkVisibility())
    .map((word) => [word.textContent, word.getBoundingClientRect().left, word.getBoundingClientRect().right]));
  expect(words.length).toBeGreaterThan(1);
  words.slice(1).forEach(([word, left], i) => expect(left, `${words[i][0]} ${word}`).toBeGreaterThan(words[i][2] + 2));
});

test('the deliveries of the day open the orders they count', async ({ page }) => {
  await dashboard(page);
  const facts = await page.locator('.delivery-facts > div').evaluateAll((all) => all.map((fact) => ({
    name: fact.querySelector('dt').innerText,
    value: fact.querySelector('a').innerText,
    href: fact.querySelector('a').getAttribute('href'),
  })));
  expect(facts).toHaveLength(6);
  for (const { name, value, href } of facts) {
    await page.goto(href);
    const listed = await page.locator('.list-sum').count() ? numbers(await page.locator('.list-sum').innerText())[1] : 0;
    expect(listed, `${name}: ${href}`).toBe(numbers(value)[0]);
  }
});

test('every figure says why it is what it is @js', async ({ page }) => {
  await dashboard(page);
  await wokenUp(page);
  const buttons = page.getByRole('button', { name: /Pourquoi ce chiffre/ });
  expect(await buttons.count()).toBe(9);
  for (let i = 0; i < 9; i += 1) {
    await buttons.nth(i).click();
    const why = page.locator('.why-panel:popover-open');
    await expect(why).toContainText('heure de Paris');
    await expect(why).toContainText(/\d (commandes?|produits?)/);
    await page.keyboard.press('Escape');
  }

  // Exact values on hover and on focus.
  const ring = page.locator('.donut');
  const parts = ring.locator('.donut-part');
  const words = await parts.first().getAttribute('aria-label');
  await parts.first().focus();
  await expect(ring.locator('.donut-value')).toHaveText(words.split(' : ')[1]);
  await parts.first().blur();
  await expect(ring.locator('.donut-name')).toHaveText('En tout');
  const first = await page.getByRole('region', { name: 'Catégories', exact: true }).locator('tbody tr').first().innerText();
  expect(numbers(words.split(' : ')[1])[0]).toBe(numbers(first)[1]);
  await expectAccessible(page, 'tableau de bord');

  // A part of the ring opens what it counts, by a click or Enter.
  for (const act of [() => parts.first().dispatchEvent('click'), () => page.keyboard.press('Enter')]) {
    await page.goto('/');
    await wokenUp(page);
    const href = await parts.first().getAttribute('href');
    await parts.first().focus();
    await act();
    await expect(page).toHaveURL((url) => url.pathname + url.search === href);
    await expect(page.locator('.list-sum')).toContainText(words.split(' : ')[1].split(' · ')[0]);
  }
});

test('a day of the chart is read under the pointer, and opened @js', async ({ page }) => {
  await dashboard(page);
  await wokenUp(page);
  const [chart, reading] = [page.getByRole('slider'), page.locator('.chart-reading')];
  const idle = await reading.innerText();
  expect(idle).toMatch(/en tout/);
  const box = await chart.boundingBox();
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2);
  const last = await chart.getAttribute('aria-valuetext');
  await expect(reading).toHaveText(last);
  await expect(page.locator('.chart-marks .chart-band')).toHaveCount(1);
  await page.mouse.move(box.x + 2, box.y + box.height / 2);
  await expect(chart).toHaveAttribute('aria-valuenow', '1');
  await page.mouse.move(0, 0);
  await expect(reading).toHaveText(idle);
  await expect(page.locator('.chart-marks .chart-band')).toHaveCount(0);

  // Another period: what was read was of the one before.
  await chart.focus();
  await page.keyboard.press('Home');
  await page.getByRole('navigation', { name: 'Période' }).getByRole('link', { name: '7 j' }).click();
  await expect(chart).toHaveAttribute('aria-valuemax', '7');
  await expect(reading).toContainText('en tout');
  await chart.focus();
  await page.keyboard.press('End');
  const [, amount] = / : (.*?€)/.exec(await reading.innerText());
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/commandes\?/);
  await expect(page.locator('.list-sum')).toContainText(amount);
});
