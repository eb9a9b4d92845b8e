// Signs in as a browser does; gives the cookie.
export async function signIn(base) {
  const answer = await fetch(`${base}/connexion`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: base, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: 'admin@example.com', password: 'admin123' }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (!cookie) throw new Error(`/connexion: ${answer.status}`);
  return cookie;
}
