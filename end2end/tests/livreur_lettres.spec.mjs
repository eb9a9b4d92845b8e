// The livreur's phone with larger letters, as the browser's settings have them: everything stays on the screen, can be
// read and be pressed.
import { expect, signedInAs, test } from './support.mjs';
import { begin, deliver, onAPhone, waiting } from './round.mjs';

onAPhone(180_000);

// Instead of 16 px.
const letters = (page, size) => page.evaluate((to) => { document.documentElement.style.fontSize = `${to}px`; }, size);

// Nothing beside the screen, no words out of their button, and each button as large as a gloved thumb.
async function expectWithin(page, where) {
  const found = await page.evaluate(() => {
    const { clientWidth } = document.documentElement;
    const dialog = document.querySelector('dialog[open]');
    const wider = [document.documentElement, dialog].filter((box) => box && box.scrollWidth > box.clientWidth);
    const wrong = [...(dialog ?? document).querySelectorAll('button, a, summary, input, textarea, canvas')].filter((one) => {
      if (!one.checkVisibility() || one.matches('.visually-hidden')) return false;
      const { left, right, width, height } = one.getBoundingClientRect();
      const isPressed = one.matches('button, a, summary');
      return left < -0.5 || right > clientWidth + 0.5
        || (isPressed && (Math.min(width, height) < 55.9 || one.scrollWidth > one.clientWidth + 1));
    });
    return {
      wider: wider.map(({ nodeName, scrollWidth }) => `${nodeName} ${scrollWidth}`),
      wrong: wrong.map((one) => `${one.nodeName} ${one.innerText} ${JSON.stringify(one.getBoundingClientRect())}`),
    };
  });
  expect(found, where).toEqual({ wider: [], wrong: [] });
}

// Neither a word nor an amount is broken.
async function expectWhole(page, where) {
  const broken = await page.locator('.next .reach a, .next .collect strong').evaluateAll((all) => all.filter((one) => {
    const rects = [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()).map((node) => {
      const words = document.createRange();
      words.selectNodeContents(node);
      return new Set([...words.getClientRects()].map(({ top }) => Math.round(top))).size;
    });
    return rects.some((lines) => lines > 1);
  }).map((one) => one.innerText));
  expect(broken, where).toEqual([]);
}

test('letters half as large again leave the round and its sheets on the screen @js', async ({ page, request }) => {
  const { made: [first, second] } = await begin(page, request, 2);
  const [sheet, thumb, bar] = [page.getByRole('dialog'), page.locator('.thumb'), page.locator('.undo')];
  const close = async () => {
    await sheet.getByRole('button', { name: 'Fermer' }).tap();
    await expect(sheet).toBeHidden();
  };
  for (const width of [390, 360, 320]) {
    await page.setViewportSize({ width, height: 844 });
    await letters(page, 24);
    await expectWithin(page, `${width}`);
    await expectWhole(page, `${width}`);
    const later = page.locator(`[data-commande="${second.id}"] .stop-line`);
    await later.tap();
    await expectWithin(page, `${width}, unfolded`);
    await later.tap();

    await thumb.getByRole('button', { name: 'Problème' }).tap();
    await expectWithin(page, `${width}, problem`);
    await close();

    await thumb.getByRole('button', { name: 'Livrée' }).tap();
    await sheet.getByRole('button', { name: /Tout est remis/ }).tap();
    await sheet.getByLabel(/Reçu par/).fill('Mme Perrin');
    await sheet.getByRole('button', { name: 'Faire signer' }).tap();
    await expect(sheet.locator('canvas')).toBeVisible();
    await expectWithin(page, `${width}, delivery`);
    await close();
    await thumb.getByRole('button', { name: 'Livrée' }).tap();
    await expect(sheet.getByText('Votre saisie a été gardée.')).toBeVisible();
    await expectWithin(page, `${width}, kept`);
    await sheet.getByRole('button', { name: 'Tout effacer' }).tap();
    await expect(sheet.getByText('Votre saisie a été gardée.')).toHaveCount(0);
    await close();

    // One sees whose delivery one would take back.
    await deliver(page);
    await expect(bar.locator('p')).toHaveText(`Livrée : ${first.client_nom}`);
    expect(await bar.locator('p').evaluate((p) => p.scrollHeight - p.clientHeight), `${width}, whose`).toBeLessThanOrEqual(1);
    await expectWithin(page, `${width}, to be taken back`);
    const [undo, acts] = [await bar.boundingBox(), await thumb.boundingBox()];
    expect(acts.y + acts.height, `${width}`).toBeLessThanOrEqual(undo.y);
    const button = await bar.getByRole('button').boundingBox();
    expect(button.y + button.height, `${width}`).toBeLessThanOrEqual(undo.y + undo.height);
    await bar.getByRole('button', { name: 'Annuler' }).tap();
    await waiting(page, 0);
    await expect(page.locator('.next-who')).toHaveText(first.client_nom);
  }
  // Small letters make no small buttons.
  await letters(page, 12);
  await expectWithin(page, 'small');
});

test('a long name is whole where one takes back and where it waits, and so is the number @js', async ({ page, request }) => {
  const client_nom = 'Marie-Hélène Delacroix-Vanderberghe';
  const { made: [order] } = await begin(page, request, 1, 'en_livraison', undefined, { client_nom });
  await deliver(page);
  const said = page.locator('.undo p');
  await expect(said).toHaveText(`Livrée : ${client_nom}`);
  for (const width of [390, 360]) {
    await page.setViewportSize({ width, height: 844 });
    expect(await said.evaluate((p) => p.scrollHeight - p.clientHeight), `${width}`).toBeLessThanOrEqual(1);
  }
  await page.locator('.state').tap();
  const where = page.locator('.stop-where', { has: page.locator('.whole') });
  await expect(where).toHaveText(`${client_nom} · ${order.numero}`);
  const number = where.locator('.whole');
  await expect(number).toHaveText(order.numero);
  expect(await number.evaluate((span) => span.getClientRects().length)).toBe(1);
});

test('on a low screen one sees what one signs, and where @js', async ({ page, request }) => {
  await begin(page, request);
  const sheet = page.getByRole('dialog');
  await page.setViewportSize({ width: 844, height: 390 });
  await letters(page, 24);
  await page.locator('.thumb').getByRole('button', { name: 'Livrée' }).tap();
  await sheet.getByRole('button', { name: 'Faire signer' }).tap();
  const box = (one) => one.evaluate((element) => element.getBoundingClientRect().toJSON());
  await expect.poll(async () => {
    const [title, canvas] = [await box(sheet.locator('.signature .field-label')), await box(sheet.locator('canvas'))];
    const [foot, scroller] = [await box(sheet.locator('.sheet-foot')), await box(sheet)];
    return title.top >= scroller.top && canvas.bottom <= foot.top && canvas.height >= 96;
  }).toBe(true);
  await expectWithin(page, 'low');
});

test('the bar above the other pages holds its buttons @js', async ({ page }) => {
  await signedInAs(page, 'livreur');
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    expect((await page.goto('/stocks')).status()).toBe(403);
    await letters(page, 24);
    const { x, width: wide } = await page.locator('.account-button').boundingBox();
    expect(x + wide, `${width}`).toBeLessThanOrEqual(width);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wider, `${width}`).toBeLessThanOrEqual(0);
  }
});
