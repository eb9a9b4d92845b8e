// People: clients, accounts, one's own profile. Reading, filtering and plain forms also without JavaScript.
import { accounts, expect, expectAccessibleInBothThemes, signIn, test, wokenUp } from './support.mjs';

// Rows of one's own: the spec files share one database.
let counter = 0;
function unique(words) {
  counter += 1;
  return `${words} ${Date.now().toString(36)}${counter}`;
}

// What another program would do, by the REST API.
async function api(request) {
  const [email, password] = accounts.admin;
  const login = await request.post('/api/v1/auth/login', { data: { email, password } });
  const headers = { Authorization: `Bearer ${(await login.json()).access_token}` };
  const send = async (method, path, data) => {
    const answer = await request.fetch(`/api/v1${path}`, { method, headers, data });
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
    return answer.status() === 204 ? null : answer.json();
  };
  return { post: (path, data) => send('POST', path, data), put: (path, data) => send('PUT', path, data) };
}

async function open(page, path, account, awake) {
  await page.goto(path);
  if (/\/connexion/.test(page.url())) await signIn(page, account);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await ready(page, awake);
}

async function ready(page, awake) {
  if (awake) await wokenUp(page);
}

const PASSWORD = 'quatre pommes vertes';

async function account(request, role) {
  const mark = unique('').trim();
  const user = { nom: `Testeur ${mark}`, prenom: 'Zoé', email: `zoe-${mark}@example.com`, role, password: PASSWORD };
  const { id } = await (await api(request)).post('/users', user);
  return { ...user, id, name: `Zoé ${user.nom}` };
}

test('a client is entered, found, changed, deleted and brought back', async ({ page, javaScriptEnabled }) => {
  const nom = unique('Épicerie Évrard');
  const phone = `06${String(Date.now()).slice(-8)}`;
  await open(page, '/clients', accounts.admin, javaScriptEnabled);
  await page.getByRole('link', { name: 'Nouveau client' }).first().click();
  if (javaScriptEnabled) {
    await expect(page.getByRole('dialog', { name: 'Nouveau client' })).toBeVisible();
    await expect(page).toHaveURL(/\/clients$/);
  } else {
    await expect(page).toHaveURL(/\/clients\/nouveau$/);
  }
  // Faults at their fields, the focus on the first, nothing lost.
  await page.locator('#email').fill('pas une adresse');
  await page.getByLabel('Ville').fill('Nantes');
  await page.getByRole('button', { name: 'Ajouter le client' }).click();
  await expect(page.locator('#nom-erreur')).toContainText('obligatoire');
  await expect(page.locator('#email-erreur')).toContainText('invalide');
  await expect(page.getByLabel('Ville')).toHaveValue('Nantes');
  if (javaScriptEnabled) await expect(page.getByLabel('Nom', { exact: true })).toBeFocused();
  await page.getByLabel('Nom', { exact: true }).fill(nom);
  await page.getByLabel('Téléphone').fill(phone);
  await page.locator('#email').fill('evrard@example.com');
  await page.locator('#adresse').fill('3 rue du Port');
  await page.getByRole('button', { name: 'Ajouter le client' }).click();
  await expect(page).toHaveURL(/\/clients\/\d+$/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(nom);
  await expect(page.getByRole('link', { name: 'Appeler' })).toHaveAttribute('href', `tel:${phone}`);
  await expect(page.getByRole('link', { name: 'SMS' })).toHaveAttribute('href', `sms:${phone}`);
  await expect(page.getByRole('link', { name: 'Écrire' })).toHaveAttribute('href', 'mailto:evrard@example.com');
  await expect(page.getByRole('link', { name: 'Carte' })).toHaveAttribute('href', /openstreetmap.*Nantes/);
  await expect(page.getByText('Aucune commande', { exact: true })).toBeVisible();

  const pairs = `${phone.slice(0, 2)} ${phone.slice(2, 4)} ${phone.slice(4)}`;
  await page.goto('/clients');
  await ready(page, javaScriptEnabled);
  await page.getByRole('searchbox').fill(pairs);
  await page.getByRole('searchbox').press('Enter');
  await expect(page).toHaveURL(/search=/);
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await page.getByRole('link', { name: nom }).click();
  await expect(page).toHaveURL(/\/clients\/\d+$/);
  await ready(page, javaScriptEnabled);
  const place = new URL(page.url()).pathname;

  await page.getByRole('link', { name: 'Modifier' }).click();
  await page.getByLabel('Ville').fill('Rezé');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.locator('.facts').first()).toContainText('Rezé');
  await expect(page).toHaveURL(new RegExp(`${place}$`));

  if (javaScriptEnabled) {
    await page.getByRole('button', { name: 'Supprimer le client' }).click();
    await expect(page).toHaveURL(/\/clients$/);
    await page.getByRole('status').getByRole('button', { name: 'Annuler' }).click();
    await expect(page).toHaveURL(new RegExp(`${place}$`));
    await expect(page.getByRole('button', { name: 'Supprimer le client' })).toBeVisible();
    await page.getByRole('button', { name: 'Supprimer le client' }).click();
  } else {
    await page.locator('summary', { hasText: 'Supprimer le client' }).click();
    await page.getByRole('button', { name: 'Supprimer le client' }).click();
  }
  await expect(page).toHaveURL(/\/clients$/);
  await page.getByRole('link', { name: 'Supprimés' }).click();
  await expect(page).toHaveURL(/is_deleted=true/);
  await page.goto(`/clients?is_deleted=true&search=${encodeURIComponent(nom)}`);
  await page.getByRole('row', { name: nom }).getByRole('button', { name: 'Restaurer' }).click();
  await expect(page).toHaveURL(new RegExp(`${place}$`));
  await expect(page.locator('.page-head')).not.toContainText('Supprimé');
  await expectAccessibleInBothThemes(page, 'client');
});

test('what a client ordered leads to the orders and to a new one', async ({ page, request, javaScriptEnabled }) => {
  const rest = await api(request);
  const nom = unique('Cliente fidèle');
  const client = await rest.post('/clients', { nom, telephone: '06 39 98 10 20', adresse: '3 rue du Port', ville: 'Nantes' });
  const products = await (await request.get('/api/v1/products?per_page=1', { headers: await bearer(request) })).json();
  const items = [{ product_id: products.items[0].id, quantity: 1 }];
  for (let n = 0; n < 11; n += 1) await rest.post('/orders', { client_nom: nom, client_id: client.id, items });
  await open(page, `/clients/${client.id}`, accounts.controleur, javaScriptEnabled);
  await expect(page.locator('.sheet-figures')).toContainText('11');
  await expect(page.locator('.table-client-orders tbody tr')).toHaveCount(10);
  await page.getByRole('link', { name: 'Page suivante' }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(page.locator('.table-client-orders tbody tr')).toHaveCount(1);
  await page.getByRole('link', { name: 'Voir toutes ses commandes' }).click();
  await expect(page).toHaveURL(new RegExp(`/commandes\\?client_id=${client.id}$`));
  await expect(page.locator('tbody tr')).toHaveCount(11);
  await page.goto(`/clients/${client.id}`);
  await page.locator('main').getByRole('link', { name: 'Nouvelle commande' }).click();
  await expect(page).toHaveURL(new RegExp(`/commandes/nouvelle\\?client_id=${client.id}$`));
  await expect(page.locator('#client_nom')).toHaveValue(nom);
  await expect(page.getByLabel('Téléphone')).toHaveValue('06 39 98 10 20');
  await expect(page.getByLabel('Adresse de livraison')).toHaveValue('3 rue du Port');
  await expect(page.getByText('Client connu')).toBeVisible();
});

async function bearer(request) {
  const [email, password] = accounts.admin;
  const login = await request.post('/api/v1/auth/login', { data: { email, password } });
  return { Authorization: `Bearer ${(await login.json()).access_token}` };
}

test('who may not bring a client back is asked first @js', async ({ page, request }) => {
  const nom = unique('Client parti');
  const client = await (await api(request)).post('/clients', { nom });
  await open(page, `/clients/${client.id}`, accounts.controleur, true);
  await page.getByRole('button', { name: 'Supprimer le client' }).click();
  const question = page.getByRole('dialog', { name: 'Supprimer le client' });
  await question.getByRole('button', { name: 'Annuler' }).click();
  await expect(question).toBeHidden();
  await page.getByRole('button', { name: 'Supprimer le client' }).click();
  await question.getByRole('button', { name: 'Supprimer le client' }).click();
  await expect(page).toHaveURL(/\/clients$/);
  expect((await page.goto(`/clients/${client.id}`)).status()).toBe(404);
});

test('what was typed is not lost by closing a panel @js', async ({ page }) => {
  await open(page, '/clients', accounts.controleur, true);
  await page.getByRole('link', { name: 'Nouveau client' }).first().click();
  const panel = page.getByRole('dialog', { name: 'Nouveau client' });
  await expect(panel.getByLabel('Nom', { exact: true })).toBeFocused();
  await expectAccessibleInBothThemes(page, 'panneau');
  await page.keyboard.type('À moitié');
  let answer = false;
  page.on('dialog', (dialog) => (answer ? dialog.accept() : dialog.dismiss()));
  await panel.getByRole('button', { name: 'Fermer' }).click();
  await expect(panel.getByLabel('Nom', { exact: true })).toHaveValue('À moitié');
  answer = true;
  await panel.getByRole('button', { name: 'Fermer' }).click();
  await expect(panel).toBeHidden();
  await page.getByRole('link', { name: 'Nouveau client' }).first().click();
  await expect(panel.getByLabel('Nom', { exact: true })).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(page.getByRole('link', { name: 'Nouveau client' }).first()).toBeFocused();
});

test('two people change one client: both values, and a choice @js', async ({ page, request }) => {
  const rest = await api(request);
  const client = await rest.post('/clients', { nom: unique('Client disputé'), ville: 'Nantes', telephone: '0611223344' });
  await open(page, `/clients/${client.id}`, accounts.controleur, true);
  await page.getByRole('link', { name: 'Modifier' }).click();
  await rest.put(`/clients/${client.id}`, { ville: 'Rezé', telephone: '0655667788' });
  await page.getByLabel('Ville').fill('Orvault');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  const notice = page.getByText("Quelqu'un a enregistré entre-temps");
  await expect(notice).toBeVisible();
  await expect(page.getByLabel('Téléphone')).toHaveValue('0655667788');
  await expect(page.getByLabel('Ville')).toHaveValue('Orvault');
  await page.getByRole('button', { name: 'Rezé' }).click();
  await expect(page.getByLabel('Ville')).toHaveValue('Rezé');
  await page.getByRole('button', { name: 'Orvault' }).click();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.locator('.facts').first()).toContainText('Orvault');
});

test('what two people typed alike asks for nothing, what one changed alone is named @js', async ({ page, request }) => {
  const rest = await api(request);
  const client = await rest.post('/clients', { nom: unique('Client partagé'), ville: 'Nantes', code_postal: '44000' });
  await open(page, `/clients/${client.id}`, accounts.controleur, true);
  await page.getByRole('link', { name: 'Modifier' }).click();
  const form = page.getByRole('form', { name: 'Client' });
  const notice = form.getByRole('alert').filter({ hasText: "Quelqu'un a enregistré entre-temps" });
  await rest.put(`/clients/${client.id}`, { code_postal: '44100' });
  await form.getByLabel('Code postal').fill('44100');
  await form.getByRole('button', { name: 'Enregistrer' }).click();
  const same = form.getByRole('alert').filter({ hasText: "C'est déjà enregistré" });
  await expect(same).toContainText("il n'y a plus rien à enregistrer");
  await expect(notice).toHaveCount(0);

  await rest.put(`/clients/${client.id}`, { ville: 'Rezé' });
  await form.getByLabel('Notes').fill('Sonner deux fois');
  await form.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(notice).toContainText('Ses modifications sont reprises ci-dessous');
  await expect(notice.locator('.change').last()).toHaveText(/Ville\s*Nantes\s*→\s*Rezé/);
  await expect(form.getByLabel('Notes')).toHaveValue('Sonner deux fois');
  await form.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(form).toBeHidden();
  await expect(page.locator('.facts').first()).toContainText('Rezé');
});

test('an account is opened with a password that is shown once', async ({ page, browser, javaScriptEnabled, baseURL }) => {
  const mark = unique('').trim();
  await open(page, '/utilisateurs', accounts.admin, javaScriptEnabled);
  await expectAccessibleInBothThemes(page, 'utilisateurs');
  await page.getByRole('link', { name: 'Nouvel utilisateur' }).first().click();
  await page.getByLabel('Prénom').fill('Zoé');
  await page.getByLabel('Nom', { exact: true }).fill(`Roux ${mark}`);
  await page.getByLabel('E-mail', { exact: true }).fill(`roux-${mark}@example.com`);
  await page.locator('#role').selectOption('livreur');
  if (javaScriptEnabled) await page.getByRole('button', { name: 'Proposer' }).click();
  await page.getByRole('button', { name: 'Ouvrir le compte' }).click();
  const secret = (await page.getByTestId('mot-de-passe').innerText()).trim();
  expect(secret).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
  if (javaScriptEnabled) await expect(page.getByRole('button', { name: 'Copier' })).toBeVisible();
  await page.getByRole('button', { name: "C'est noté" }).or(page.getByRole('link', { name: "C'est noté" })).click();
  await expect(page).toHaveURL(/\/utilisateurs\/\d+$/);
  await ready(page, javaScriptEnabled);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`Zoé Roux ${mark}`);

  // It opens, and is closed again by the admin.
  const elsewhere = await browser.newContext({ baseURL, javaScriptEnabled });
  const theirs = await elsewhere.newPage();
  await theirs.goto('/profil');
  await signIn(theirs, [`roux-${mark}@example.com`, secret]);
  await expect(theirs).toHaveURL(/\/profil$/);
  await page.reload();
  await ready(page, javaScriptEnabled);
  await page.getByRole('button', { name: 'Fermer ses sessions' }).click();
  await expect(page.getByText('Aucune session ouverte')).toBeVisible();
  await theirs.reload();
  await expect(theirs).toHaveURL(/\/connexion/);
  await elsewhere.close();

  await page.getByRole('button', { name: 'Désactiver' }).click();
  await expect(page.locator('.page-head')).toContainText('Inactif');
  await page.getByRole('button', { name: 'Réactiver' }).click();
  await expect(page.locator('.page-head')).toContainText('Actif');

  await page.getByRole('link', { name: 'Modifier' }).click();
  await page.locator('#role').selectOption('controleur');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.locator('.page-head')).toContainText('Contrôleur');
  await expectAccessibleInBothThemes(page, 'utilisateur');

  const place = new URL(page.url()).pathname;
  if (javaScriptEnabled) {
    await page.getByRole('button', { name: 'Supprimer le compte' }).click();
    await expect(page).toHaveURL(/\/utilisateurs$/);
    await page.getByRole('status').getByRole('button', { name: 'Annuler' }).click();
    await expect(page).toHaveURL(new RegExp(`${place}$`));
  } else {
    await page.locator('summary', { hasText: 'Supprimer le compte' }).click();
    await page.getByRole('button', { name: 'Supprimer le compte' }).click();
    await expect(page).toHaveURL(/\/utilisateurs$/);
    await page.goto(place);
    await page.getByRole('button', { name: 'Restaurer le compte' }).click();
  }
  await expect(page.locator('.page-head')).toContainText('Actif');
});

test('a forgotten password is replaced', async ({ page, request, javaScriptEnabled }) => {
  const user = await account(request, 'simple_utilisateur');
  await open(page, `/utilisateurs/${user.id}`, accounts.admin, javaScriptEnabled);
  const opener = page.getByRole('button', { name: 'Nouveau mot de passe' });
  await opener.or(page.locator('summary', { hasText: 'Nouveau mot de passe' })).first().click();
  await page.getByRole('textbox', { name: 'Mot de passe', exact: true }).fill('court');
  await page.getByRole('button', { name: 'Changer le mot de passe' }).click();
  await expect(page.locator('#password-erreur')).toContainText('Au moins 8');
  await page.getByRole('textbox', { name: 'Mot de passe', exact: true }).fill('cinq poires mûres');
  await page.getByRole('button', { name: 'Changer le mot de passe' }).click();
  await expect(page.getByTestId('mot-de-passe')).toHaveText('cinq poires mûres');
  await page.getByRole('button', { name: "C'est noté" }).or(page.getByRole('link', { name: "C'est noté" })).click();
  await expect(page.getByTestId('mot-de-passe')).toHaveCount(0);
  const login = (password) => request.post('/api/v1/auth/login', { data: { email: user.email, password } });
  expect((await login(PASSWORD)).status()).toBe(401);
  expect((await login('cinq poires mûres')).status()).toBe(200);
});

test('an e-mail that is taken is said at its field @js', async ({ page }) => {
  await open(page, '/utilisateurs/nouveau', accounts.admin, true);
  await page.getByLabel('Nom', { exact: true }).fill('Double');
  await page.getByLabel('E-mail', { exact: true }).fill(accounts.livreur[0]);
  await page.locator('#role').selectOption('livreur');
  await page.getByRole('button', { name: 'Proposer' }).click();
  await page.getByRole('button', { name: 'Ouvrir le compte' }).click();
  await expect(page.locator('#email-erreur')).toContainText('déjà utilisée');
  await expect(page.getByLabel('E-mail', { exact: true })).toBeFocused();
  await expectAccessibleInBothThemes(page, 'nouvel utilisateur');
});

test('nobody closes their own account, and the page says why', async ({ page }) => {
  await page.goto('/utilisateurs?search=admin%40example.com');
  await signIn(page, accounts.admin);
  await page.locator('tbody').getByRole('link').first().click();
  await expect(page).toHaveURL(/\/utilisateurs\/\d+$/);
  await expect(page.getByRole('button', { name: 'Désactiver' })).toBeDisabled();
  await expect(page.getByText(/dernier administrateur actif|son propre compte/).first()).toBeVisible();
});

test('accounts are filtered by state and role', async ({ page, javaScriptEnabled }) => {
  await open(page, '/utilisateurs?role=livreur', accounts.admin, javaScriptEnabled);
  for (const row of await page.locator('tbody tr').all()) await expect(row).toContainText('Livreur');
  await page.getByRole('link', { name: 'Retirer le filtre : Rôle : Livreur' }).click();
  await expect(page).toHaveURL(/\/utilisateurs$/);
  await page.getByRole('link', { name: 'Actifs', exact: true }).click();
  await expect(page).toHaveURL(/is_active=true/);
  await page.getByRole('link', { name: 'Dernière connexion' }).click();
  await expect(page).toHaveURL(/sort=-last_login_at/);
  await expect(page.locator('tbody tr').first()).toContainText('Actif');
});

test('a livreur keeps their own account, and sees no one else', async ({ page, request, browser, baseURL, javaScriptEnabled }) => {
  const user = await account(request, 'livreur');
  await open(page, '/profil', [user.email, PASSWORD], javaScriptEnabled);
  await expect(page.getByRole('navigation', { name: 'Menu' }).first()).not.toContainText('Clients');
  await page.getByLabel('Prénom').fill('Zoélie');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('Vos coordonnées sont enregistrées.').first()).toBeVisible();
  await expect(page.locator('.account-name')).toContainText('Zoélie');

  const elsewhere = await browser.newContext({ baseURL, javaScriptEnabled });
  const other = await elsewhere.newPage();
  await other.goto('/profil');
  await signIn(other, [user.email, PASSWORD]);
  await expect(other.getByRole('heading', { level: 1 })).toContainText('Mon profil');
  await page.reload();
  await ready(page, javaScriptEnabled);
  await expect(page.locator('.session')).toHaveCount(2);
  await expectAccessibleInBothThemes(page, 'profil');
  await page.locator('.session').getByRole('button', { name: 'Fermer' }).click();
  await expect(page.locator('.session')).toHaveCount(1);
  await other.reload();
  await expect(other).toHaveURL(/\/connexion/);
  await signIn(other, [user.email, PASSWORD]);
  await expect(other).toHaveURL(/\/profil$/);

  await page.getByLabel('Mot de passe actuel').fill('faux');
  await page.getByLabel('Nouveau mot de passe').fill('cinq poires mûres');
  await page.getByLabel('Encore une fois').fill('cinq poires');
  await page.getByRole('button', { name: 'Changer le mot de passe' }).click();
  await expect(page.locator('#repeated_password-erreur')).toContainText('diffèrent');
  await page.getByLabel('Mot de passe actuel').fill('faux');
  await page.getByLabel('Nouveau mot de passe').fill('cinq poires mûres');
  await page.getByLabel('Encore une fois').fill('cinq poires mûres');
  await page.getByRole('button', { name: 'Changer le mot de passe' }).click();
  await expect(page.locator('#current_password-erreur')).toContainText('actuel');
  await page.getByLabel('Mot de passe actuel').fill(PASSWORD);
  await page.getByLabel('Nouveau mot de passe').fill('cinq poires mûres');
  await page.getByLabel('Encore une fois').fill('cinq poires mûres');
  await page.getByRole('button', { name: 'Changer le mot de passe' }).click();
  await expect(page.getByText('Votre mot de passe est changé').first()).toBeVisible();
  await other.reload();
  await expect(other).toHaveURL(/\/connexion/);
  await elsewhere.close();

  for (const path of ['/clients', '/utilisateurs']) expect((await page.goto(path)).status()).toBe(403);
  await page.goto('/profil');
  await page.locator('main').getByRole('button', { name: 'Se déconnecter' }).click();
  await expect(page).toHaveURL(/\/connexion$/);
});

test('the theme is chosen on the profile, and the menu leads there @js', async ({ page }) => {
  await open(page, '/commandes', accounts.lecture, true);
  await page.locator('.account-button').click();
  await page.getByRole('link', { name: 'Mon profil' }).click();
  await expect(page).toHaveURL(/\/profil$/);
  await ready(page, true);
  await page.locator('.profile-theme').getByRole('button', { name: 'Sombre' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await ready(page, true);
  await page.locator('.profile-theme').getByRole('button', { name: 'Système' }).click();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme', 'dark');
});

test('lists and forms are accessible', async ({ page, javaScriptEnabled }) => {
  await open(page, '/clients', accounts.admin, javaScriptEnabled);
  await expectAccessibleInBothThemes(page, 'clients');
  for (const path of ['/clients/nouveau', '/clients?search=introuvable-du-tout', '/utilisateurs/nouveau']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessibleInBothThemes(page, path);
  }
});
