// What the livreur's phone says of its line to the server, and how it asks again.
import { expect, expectAccessibleInBothThemes, test } from './support.mjs';
import { begin, deliver, isReady, knownOnce, later, line, offline, onAPhone, online, orders, stopped, waiting, wake } from './round.mjs';

onAPhone(150_000);

test('a server that takes its time to answer is not said to be there @js', async ({ page, request }) => {
  await begin(page, request);
  await online(page);
  let answer;
  const held = new Promise((done) => { answer = done; });
  line.hold = ({ url }) => (url === '/livreur/donnees' ? held : null);
  await wake(page);
  await expect.poll(async () => {
    await later(page, 6);
    return page.locator('.state').innerText();
  }).toContain('Connexion…');
  await expectAccessibleInBothThemes(page, 'sans réponse');
  answer();
  await online(page);
});

test('an answer that did not come once keeps nobody from leaving @js', async ({ page, request }) => {
  await begin(page, request);
  line.lose = ({ url }) => url === '/livreur/donnees';
  await wake(page);
  await offline(page);
  await stopped(page);
  const profile = page.getByRole('link', { name: 'Mon profil' });
  await page.route('**/profil', (route) => route.fulfill({ body: 'Un profil' }));
  await profile.tap();
  await expect(page.getByRole('alert')).toContainText("votre profil ne s'ouvre pas");
  // Asked once more, the server answers: one tap is enough.
  line.lose = () => false;
  await profile.tap();
  await page.waitForURL(`${line.url}/profil`);
  await page.goBack();
  await isReady(page);
  line.lose = ({ url }) => url === '/livreur/donnees';
  await wake(page);
  await offline(page);
  line.lose = () => false;
  await page.getByRole('button', { name: 'Se déconnecter' }).tap();
  await page.waitForURL(/connexion/);
  // Before the wire goes: what the page still loads would fail.
  await page.goto('about:blank');
});

// What answers in the server's place, a gateway that does not reach it; and a server that cannot judge what it was sent.
const gateway = [502, 'Bad Gateway'];
const unable = [200, JSON.stringify({ resultats: [{ id: null, order_id: null, statut: 'erreur', code: 'erreur_interne', detail: 'Réessayez.' }] })];
for (const instead of [gateway, unable]) {
  test(`what is not taken is sent later each time, although the server can be read: ${instead[0]} @js`, async ({ page, request }) => {
    const { rest, who } = await begin(page, request, 1);
    let tries = 0;
    line.instead = ({ url }) => {
      if (url !== '/_fn/send_actions') return null;
      tries += 1;
      return instead;
    };
    await deliver(page);
    await page.locator('.state').tap();
    await later(page);
    await expect.poll(() => tries).toBe(1);
    // Half a minute, second by second; what others do meanwhile is read.
    for (let second = 0; second < 30; second += 1) {
      await page.clock.runFor(1_000);
      if (second % 10 === 5) await orders(rest, who, 1, 'confirmee');
      await page.evaluate(() => fetch('/robots.txt').then((answer) => answer.text()));
    }
    expect(tries).toBeGreaterThan(2);
    expect(tries).toBeLessThan(7);
    await expect(page.locator('.stop-state')).not.toHaveText("En cours d'envoi.");
    line.instead = () => null;
    await page.getByRole('button', { name: 'Envoyer maintenant' }).tap();
    await waiting(page, 0);
    await knownOnce(request, who, line, 1);
  });
}

test('a gateway without a server is no network, and who leaves is told before they are gone @js', async ({ page, request }) => {
  await begin(page, request);
  await page.route('**/profil', (route) => route.fulfill({ body: 'Un profil' }));
  const profile = page.getByRole('link', { name: 'Mon profil' });
  line.instead = () => gateway;
  await wake(page);
  await offline(page);
  // Nobody has told the phone yet that it went.
  line.instead = () => null;
  await wake(page);
  await online(page);
  line.cut = true;
  await profile.tap();
  await expect(page.getByRole('alert')).toContainText("votre profil ne s'ouvre pas");
  await offline(page);
  line.cut = false;
  // While an answer hangs, the server is asked once more, and its answer counts.
  let answer;
  const held = new Promise((done) => { answer = done; });
  line.hold = ({ url }) => (url === '/livreur/donnees' ? held : null);
  await wake(page);
  await profile.tap();
  await expect(page.getByRole('alert')).toContainText('Recherche du réseau');
  await expectAccessibleInBothThemes(page, 'recherche du réseau');
  answer();
  await page.waitForURL(`${line.url}/profil`);
});

test('what waits says when it was done, and what was told @js', async ({ page, request }) => {
  const { who } = await begin(page, request);
  line.cut = true;
  await page.locator('.thumb').getByRole('button', { name: 'Livrée' }).tap();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel(/Reçu par/).fill('Mme Perrin');
  await sheet.getByLabel(/Encaissé/).fill('5,50');
  await sheet.getByRole('button', { name: 'Confirmer la livraison' }).tap();
  await expect(sheet).toBeHidden();
  await page.locator('.state').tap();
  const waits = page.locator('main .stops .stop:visible');
  await expect(waits).toContainText(/\d\d:\d\d · reçu par Mme Perrin · 5,50\s€ encaissés/);
  await later(page);
  line.cut = false;
  await wake(page);
  await waiting(page, 0);
  await knownOnce(request, who, line, 1);
});
