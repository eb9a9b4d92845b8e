// The livreur's phone and the files of its program: a page is shown with all of them, or with words that say what is missing.
import { expect, expectAccessibleInBothThemes, program, test } from './support.mjs';
import { begin, deliver, installed, isReady, knownOnce, later, line, livreur, onAPhone, orders, waiting } from './round.mjs';

onAPhone(150_000);

const isProgram = ({ url }) => url.endsWith('/livreur.wasm');
const ofVersion = (page) => page.locator(`script[src*="${line.version}"]`);

test('a new version whose files do not come yet leaves the one that is whole @js', async ({ page, request }) => {
  const { who, made } = await begin(page, request, 2);
  await installed(page);
  line.version = 'autre0version000';
  let come;
  const held = new Promise((done) => { come = done; });
  line.hold = (asked) => (isProgram(asked) ? held : null);
  await page.goto(`${line.url}/livreur`);
  await isReady(page);
  await expect(page.locator('.next-who')).toHaveText(made[0].client_nom);
  expect(await ofVersion(page).count()).toBe(0);
  // It works, with the new server.
  await deliver(page);
  await later(page);
  await waiting(page, 0);
  await knownOnce(request, who, line, 1);
  come();
  await expect(ofVersion(page)).toHaveCount(1, { timeout: 30_000 });
  await isReady(page);
  await expect(page.locator('.next-who')).toHaveText(made[1].client_nom);
  const files = await page.locator('[href*="/pkg/"], [src*="/pkg/"]').evaluateAll((all) => all.map((one) => one.href ?? one.src));
  expect(files.filter((file) => !file.includes(`/pkg/${line.version}/`))).toEqual([]);
});

test('a new version whose files are refused leaves the one that is whole, and is looked for again @js', async ({ page, request }) => {
  const { made: [order] } = await begin(page, request);
  await installed(page);
  line.version = 'autre0version000';
  let refused = 0;
  line.instead = (asked) => {
    if (!isProgram(asked)) return null;
    refused += 1;
    return [502, 'Bad Gateway'];
  };
  await page.goto(`${line.url}/livreur`);
  await isReady(page);
  await expect(page.locator('.next-who')).toHaveText(order.client_nom);
  await expect.poll(() => refused, { timeout: 30_000 }).toBeGreaterThan(0);
  expect(await ofVersion(page).count()).toBe(0);
  line.instead = () => null;
  await page.reload();
  await expect(ofVersion(page)).toHaveCount(1, { timeout: 30_000 });
  await isReady(page);
});

test('a phone without room for two versions takes the new one @js', async ({ page, request, context }) => {
  const { made: [order] } = await begin(page, request);
  await installed(page);
  const { usage } = await page.evaluate(() => navigator.storage.estimate());
  const devtools = await context.newCDPSession(page);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: line.url, quotaSize: usage + 150_000 });
  line.version = 'autre0version000';
  await page.goto(`${line.url}/livreur`);
  await expect(ofVersion(page)).toHaveCount(1, { timeout: 30_000 });
  await isReady(page);
  await expect(page.locator('.next-who')).toHaveText(order.client_nom);
});

for (const how of ['does not come', 'is refused']) {
  test(`a first visit whose program ${how} says so, and is tried again @js`, async ({ page, request }) => {
    const rest = await program(request);
    const who = await livreur(rest);
    const [order] = await orders(rest, who, 1);
    if (how === 'is refused') line.instead = (asked) => (isProgram(asked) ? [502, 'Bad Gateway'] : null);
    else line.hold = (asked) => (isProgram(asked) ? new Promise(() => {}) : null);
    await page.clock.install();
    await page.goto(`${line.url}/connexion`);
    await page.getByLabel('Adresse e-mail').fill(who.account[0]);
    await page.getByLabel('Mot de passe').fill(who.account[1]);
    await page.getByRole('button', { name: 'Se connecter' }).tap();
    await page.waitForURL(`${line.url}/livreur`, { waitUntil: 'commit' });
    await expect(page.locator('.bar')).toBeVisible();
    if (how === 'does not come') {
      await expect(page.getByRole('alert')).toHaveCount(0);
      await later(page, 21);
    }
    await expect(page.getByRole('alert')).toContainText("La page n'a pas pu s'ouvrir");
    await expect(page.locator('.bones')).toHaveCount(0);
    await expectAccessibleInBothThemes(page, 'programme absent');
    line.instead = () => null;
    line.hold = () => null;
    await page.getByRole('link', { name: 'Réessayer' }).tap();
    await isReady(page);
    await expect(page.locator('.next-who')).toHaveText(order.client_nom);
  });
}
