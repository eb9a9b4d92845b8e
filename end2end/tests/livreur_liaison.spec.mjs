// What the livreur's phone says of its line to the server, and how it asks again.
import { expect, expectAccessibleInBothThemes, test } from './support.mjs';
import {
  backgroundSync, begin, deliver, isReady, knownOnce, later, leftWaiting, line, offline, onAPhone, online,
  opensAndSends, orders, stopped, waiting, wake,
} from './round.mjs';

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

// The first batch's answer waits until `answer` is called; how many batches the server has answered.
function holdFirstBatch() {
  const first = { answered: 0 };
  const held = new Promise((done) => { first.answer = done; });
  line.hold = ({ url }) => {
    if (url !== '/_fn/send_actions') return null;
    first.answered += 1;
    return first.answered === 1 ? held : null;
  };
  return first;
}

test('what hangs while it is sent without a page gives way to the page that opens @js', async ({ page, request, context }) => {
  const { rest, who, made: [order] } = await leftWaiting(page, request);
  const first = holdFirstBatch();
  await backgroundSync(context, line, who);
  await expect.poll(() => first.answered).toBe(1);
  await opensAndSends(context);
  expect(first.answered).toBe(2);
  expect((await rest.get(`/orders/${order.id}`)).statut).toBe('livree');
  await knownOnce(request, who, line, 1);
});

test('without a page, what the server could not judge is tried again by the browser @js', async ({ page, request, context }) => {
  // A page, but none of the phone.
  const { rest, who, made: [order] } = await leftWaiting(page, request, () => page.goto('about:blank'));
  const [worker] = context.serviceWorkers();
  // What the event waits for: when that fails, the browser sends the event again.
  const sending = () => worker.evaluate(
    (person) => send(person).then(() => 'done', () => 'to be tried again'),
    String(who.id),
  );
  line.instead = ({ url }) => (url === '/_fn/send_actions' ? unable : null);
  expect(await sending()).toBe('to be tried again');
  line.instead = () => null;
  expect(await sending()).toBe('done');
  expect((await rest.get(`/orders/${order.id}`)).statut).toBe('livree');
  await knownOnce(request, who, line, 1);
});

test('while one page sends, the other leaves it to it and says so when it is asked to send @js', async ({ page, request, context }) => {
  const { who } = await begin(page, request);
  const other = await context.newPage();
  await other.goto(`${line.url}/livreur`);
  await isReady(other);
  const first = holdFirstBatch();
  await deliver(page);
  await waiting(other, 1);
  const pages = [page, other];
  for (const one of pages) await one.locator('.state').tap();
  await later(page);
  await expect.poll(() => first.answered).toBe(1);
  const said = (what) => Promise.all(pages.map((one) => one.locator(what).innerText())).then((texts) => texts.sort());
  await expect.poll(() => said('.stop-state')).toEqual(["En cours d'envoi.", "Une autre page de ce téléphone l'envoie."]);
  for (const one of pages) await one.getByRole('button', { name: 'Envoyer maintenant' }).tap();
  await expect.poll(() => said('main p[role=status]')).toEqual([
    'Envoi en cours…', "Une autre page de ce téléphone est en train d'envoyer.",
  ]);
  expect(line.batches).toBe(1);
  first.answer();
  for (const one of pages) await waiting(one, 0);
  await knownOnce(request, who, line, 1);
  expect(line.actions).toHaveLength(1);
});

test('asked to send, it says what comes of it @js', async ({ page, request }) => {
  const { rest, made: [order] } = await begin(page, request);
  line.cut = true;
  await deliver(page);
  await later(page);
  await page.locator('.state').tap();
  const said = page.locator('main p[role=status]');
  const send = page.getByRole('button', { name: 'Envoyer maintenant' });
  await expect(said).toHaveText('');
  await send.tap();
  await expect(said).toHaveText('Le serveur ne répond pas : nouvel essai sous peu.');
  await expectAccessibleInBothThemes(page, 'envoi demandé');
  await rest.post(`/orders/${order.id}/cancel`, { motif: 'Le client ne veut plus' });
  line.cut = false;
  await send.tap();
  await expect(page.locator('.stop-refused')).toHaveCount(1);
  await expect(said).toHaveText("Rien ne peut partir pour l'instant : chaque action dit pourquoi.");
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
