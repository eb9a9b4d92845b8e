// The livreur's phone with two pages open, or two people on it: nobody sees, sends or loses what is
// the other's.
import { expect, expectAccessibleInBothThemes, test } from './support.mjs';
import {
  begin, deliver, installed, isReady, knownOnce, later, line, livreur, onAPhone, online, orders, waiting, wake,
} from './round.mjs';

onAPhone(150_000);

test('a new version that another page takes over leaves this one to finish what it tells @js', async ({ page, request, context }) => {
  await begin(page, request, 2);
  await installed(page);
  const other = await context.newPage();
  await other.goto(`${line.url}/livreur`);
  await isReady(other);
  await installed(other);
  await other.locator('.thumb').getByRole('button', { name: 'Livrée' }).tap();
  const receiver = other.getByRole('dialog').getByLabel(/Reçu par/);
  await receiver.fill('Mme Perrin');
  line.version = 'autre0version000';
  const script = (which) => which.locator(`script[src*="${line.version}"]`);
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await expect(script(page)).toHaveCount(1, { timeout: 30_000 });
  await isReady(page);
  // Long enough for the other page to be taken away as well.
  await other.waitForTimeout(3_000);
  await expect(receiver).toHaveValue('Mme Perrin');
  expect(await script(other).count()).toBe(0);
  await other.getByRole('dialog').getByRole('button', { name: 'Fermer' }).tap();
  await expect(script(other)).toHaveCount(1, { timeout: 20_000 });
  await isReady(other);
});

test('two pages of one phone never send at once @js', async ({ page, request, context }) => {
  const { who } = await begin(page, request, 2);
  const other = await context.newPage();
  await other.goto(`${line.url}/livreur`);
  await isReady(other);
  line.cut = true;
  await deliver(page);
  await waiting(other, 1);
  await deliver(other);
  await waiting(page, 2);
  await later(page);
  line.cut = false;
  await Promise.all([wake(page), wake(other)]);
  await waiting(page, 0);
  await waiting(other, 0);
  await knownOnce(request, who, line, 2);
  expect(line.actions).toHaveLength(2);
});

test('two people on one phone: nobody sees or sends what is the other’s @js', async ({ page, request }) => {
  const { rest, who, made: [order] } = await begin(page, request);
  const second = await livreur(rest);
  const [theirs] = await orders(rest, second, 1);
  line.lose = ({ url }) => url === '/_fn/send_actions';
  await deliver(page);
  await waiting(page, 1);
  // The first signs out with a full outbox.
  await page.getByRole('button', { name: 'Se déconnecter' }).tap();
  await page.waitForURL(/connexion/);
  line.lose = () => false;
  const change = async ({ account }) => {
    await page.goto(`${line.url}/connexion`);
    await page.getByLabel('Adresse e-mail').fill(account[0]);
    await page.getByLabel('Mot de passe').fill(account[1]);
    await page.getByRole('button', { name: 'Se connecter' }).tap();
    await isReady(page);
  };
  await change(second);
  await expect(page.locator('.next-who')).toHaveText(theirs.client_nom);
  await expect(page.getByText(order.client_nom)).toHaveCount(0);
  await waiting(page, 0);
  await later(page, 70);
  await online(page);
  expect([...line.senders]).not.toContain(String(second.id));
  // Sent as the first while the second is signed in, it is refused.
  const refused = await page.evaluate(async (id) => (await fetch('/_fn/send_actions', {
    method: 'POST', headers: { 'content-type': 'application/json', 'x-utilisateur': String(id) }, body: '{"batch":{"actions":[]}}',
  })).status, who.id);
  expect(refused).toBe(401);
  await page.getByRole('button', { name: 'Se déconnecter' }).tap();
  await page.waitForURL(/connexion/);
  await change(who);
  await later(page);
  await waiting(page, 0);
  await knownOnce(request, who, line, 1);
});

test('a session that ended without signing out: the next person sees and sends nothing of the first @js', async ({ page, request }) => {
  const { rest, who, made: [order] } = await begin(page, request, 2);
  const second = await livreur(rest);
  const [theirs] = await orders(rest, second, 1);
  await installed(page);
  // What the first did still waits when their session ends.
  line.lose = ({ url }) => url === '/_fn/send_actions';
  await deliver(page);
  await waiting(page, 1);
  const fresh = [who.account[0], 'trois poires mures'];
  await rest.put(`/users/${who.id}`, { password: fresh[1] });
  const enter = async ([email, password]) => {
    await page.goto(`${line.url}/connexion`);
    await page.getByLabel('Adresse e-mail').fill(email);
    await page.getByLabel('Mot de passe').fill(password);
    await page.getByRole('button', { name: 'Se connecter' }).tap();
    await page.waitForURL(`${line.url}/livreur`);
  };
  // The second signs in, and nothing else gets through: the page is the one that the phone keeps.
  line.lose = ({ url }) => url.startsWith('/livreur') || url === '/_fn/send_actions';
  await enter(second.account);
  await expect(page.getByRole('alert')).toContainText('Impossible de lire votre tournée');
  await expect(page.getByText(/^Cliente/)).toHaveCount(0);
  await expect(page.locator('.next, .thumb, .stop')).toHaveCount(0);
  await waiting(page, 0);
  await expectAccessibleInBothThemes(page, 'tournée illisible');
  await later(page, 30);
  expect([...line.senders]).not.toContain(String(second.id));
  line.lose = () => false;
  const sent = line.batches;
  // It asks again by itself, after a pause.
  await expect.poll(async () => {
    await later(page, 15);
    return page.locator('.next-who').allInnerTexts();
  }, { timeout: 20_000 }).toEqual([theirs.client_nom]);
  await waiting(page, 0);
  // Not so far that what is being read is given up.
  await later(page, 15);
  await online(page);
  expect(line.batches).toBe(sent);
  expect((await rest.get(`/orders/${order.id}`)).statut).toBe('en_livraison');

  // What the first did goes out when they are back.
  await page.getByRole('button', { name: 'Se déconnecter' }).tap();
  await page.waitForURL(/connexion/);
  await enter(fresh);
  await isReady(page);
  await waiting(page, 0);
  await expect.poll(async () => (await rest.get(`/orders/${order.id}`)).statut).toBe('livree');
  // In a page of the first that is still open, the second takes over as soon as they have signed in.
  const elsewhere = await page.context().newPage();
  await rest.put(`/users/${who.id}`, { password: 'deux figues seches' });
  await elsewhere.goto(`${line.url}/connexion`);
  await elsewhere.getByLabel('Adresse e-mail').fill(second.account[0]);
  await elsewhere.getByLabel('Mot de passe').fill(second.account[1]);
  line.lose = ({ url }) => url === '/livreur/donnees';
  await elsewhere.getByRole('button', { name: 'Se connecter' }).tap();
  await expect(page.locator('.next-who')).toHaveText(theirs.client_nom, { timeout: 20_000 });
  await expect(page.getByText(order.client_nom)).toHaveCount(0);
  await knownOnce(request, { ...who, account: [fresh[0], 'deux figues seches'] }, line, 1);
});
