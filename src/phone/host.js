// What the phone's program asks of the browser: storage, the network, locks, pictures. No rule stands here.

let db = null;
let person = 0;

const done = (request) => new Promise((good, bad) => {
  request.onsuccess = () => good(request.result);
  request.onerror = () => bad(request.error);
});

// Once it is on the disk.
const kept = (tx) => new Promise((good, bad) => {
  tx.oncomplete = () => good();
  tx.onabort = () => bad(tx.error ?? new DOMException('', 'AbortError'));
});

const write = (stores) => db.transaction(stores, 'readwrite', { durability: 'strict' });

// One database a person: nobody sees or sends what is somebody else's.
export async function open_store(id) {
  db?.close();
  const request = indexedDB.open(`livreur-${id}`, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('etat');
    request.result.createObjectStore('actions', { autoIncrement: true });
    request.result.createObjectStore('preuves');
  };
  db = await done(request);
  db.onversionchange = () => db?.close();
  person = id;
}

export async function read_state(name) {
  return await done(db.transaction('etat').objectStore('etat').get(name));
}

export async function write_state(name, text) {
  const tx = write(['etat']);
  tx.objectStore('etat').put(text, name);
  await kept(tx);
}

// Keys and texts of the outbox, one after the other.
export async function read_rows() {
  const store = db.transaction('actions').objectStore('actions');
  const [keys, texts] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
  return keys.flatMap((key, at) => [key, texts[at]]);
}

// What is told of a delivery and not confirmed yet: words in 'etat', pictures in 'preuves', under names of this form.
const drafts = (order) => IDBKeyRange.bound(`brouillon-${order}-`, `brouillon-${order}-\uffff`);

// All or nothing: the rows, and the pictures under their names. Nothing of their deliveries is a draft any more.
export async function add_rows(texts, names, pictures, orders) {
  const tx = write(['actions', 'preuves', 'etat']);
  const ended = kept(tx);
  try {
    const requests = texts.map((text) => tx.objectStore('actions').add(text));
    names.forEach((name, at) => tx.objectStore('preuves').put(pictures[at], name));
    for (const order of orders) for (const store of ['preuves', 'etat']) tx.objectStore(store).delete(drafts(order));
    await ended;
    return requests.map((request) => request.result);
  } catch (error) {
    // What was refused at once has not ended it yet.
    try { tx.abort(); } catch { /* It has ended. */ }
    await ended.catch(() => {});
    throw error;
  }
}

// A row that is no longer there stays so.
export async function change_row(key, text) {
  const tx = write(['actions']);
  const store = tx.objectStore('actions');
  if (await done(store.getKey(key)) !== undefined) store.put(text, key);
  await kept(tx);
}

export async function drop_row(key, names) {
  const tx = write(['actions', 'preuves']);
  tx.objectStore('actions').delete(key);
  for (const name of names) tx.objectStore('preuves').delete(name);
  await kept(tx);
}

// Drafts of deliveries that are not to be made by this person any more.
export async function forget_drafts_but(orders) {
  const names = await Promise.all(['etat', 'preuves'].map((store) => done(
    db.transaction(store).objectStore(store).getAllKeys(IDBKeyRange.bound('brouillon-', 'brouillon-\uffff')),
  )));
  const old = new Set(names.flat().map((name) => Number(name.split('-')[1])).filter((order) => !orders.includes(order)));
  for (const order of old) await forget_drafts(order);
}

export async function forget_drafts(order) {
  const tx = write(['etat', 'preuves']);
  for (const store of ['etat', 'preuves']) tx.objectStore(store).delete(drafts(order));
  await kept(tx);
}

export async function keep_picture(name, picture) {
  const tx = write(['preuves']);
  tx.objectStore('preuves').put(picture, name);
  await kept(tx);
}

export async function read_picture(name) {
  return await done(db.transaction('preuves').objectStore('preuves').get(name));
}

export async function forget_picture(name) {
  const tx = write(['preuves']);
  tx.objectStore('preuves').delete(name);
  await kept(tx);
}

// Whose data is shown when there is no answer yet. Signing in and out write it down themselves, in a cookie that opens
// nothing: the page of a second person never begins with what is the first one's.
export function last_person() {
  return Number(/(?:^|; )livreur=(\d+)/.exec(document.cookie)?.[1]) || 0;
}

export function remember_person(id) {
  const secure = location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `livreur=${id}; path=/; max-age=34560000; samesite=lax${secure}`;
}

// Status and text of an answer; rejects when there is none. What is sent is sent as this person: the server refuses
// when somebody else is signed in by now.
export async function call(method, path, type, body) {
  const headers = {};
  if (type) headers['content-type'] = type;
  if (method !== 'GET') headers['x-utilisateur'] = String(person);
  if (body instanceof Blob) return await upload(path, headers, body);
  // What is only read is asked for again soon.
  const signal = AbortSignal.timeout(method === 'GET' ? 20_000 : 45_000);
  const answer = await fetch(path, { method, headers, body: body ?? undefined, signal, cache: 'no-store', redirect: 'error' });
  return [answer.status, await answer.text()];
}

// However slow the network is, a picture arrives: it is given up only when nothing has moved for as long as what the
// phone itself may hold back takes at 2 kB a second.
function upload(path, headers, picture) {
  return new Promise((good, bad) => {
    const request = new XMLHttpRequest();
    let still;
    const moved = () => {
      clearTimeout(still);
      still = setTimeout(() => request.abort(), 45_000 + picture.size / 2);
    };
    request.open('POST', path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = moved;
    request.onloadend = () => {
      clearTimeout(still);
      // Sent on to another page, it was not taken.
      if (request.status && request.responseURL === new URL(path, location.href).href) good([request.status, request.responseText]);
      else bad(new DOMException('', 'NetworkError'));
    };
    request.send(picture);
    moved();
  });
}

// What lets go of the locks, or null when another page of this phone sends. The service worker's own lock is taken
// away from it: what it sends may hang, and is sent again from here.
export function take_lock() {
  const name = `livreur-${person}`;
  if (!navigator.locks) return Promise.resolve(() => {});
  return new Promise((got, failed) => {
    const hold = () => new Promise((release) => got(() => release()));
    navigator.locks.request(name, { ifAvailable: true }, (lock) => (
      lock ? navigator.locks.request(`${name}-fond`, { steal: true }, hold) : got(null)
    )).catch(failed);
  });
}

let channel = null;
export function tell_others() {
  channel?.postMessage(person);
}

let stream = null;
let tell = () => {};

function unfollow() {
  stream?.close();
  stream = null;
}

// What others do to the deliveries is told at once, as long as the page is seen. Called after each read: a stream that
// broke is there again as soon as the server answers.
export function follow() {
  if (stream || document.hidden) return;
  stream = new EventSource('/evenements');
  stream.addEventListener('changement', () => tell('nouvelles'));
  stream.addEventListener('relire', () => tell('nouvelles'));
  // This person has many pages open: the newest ones are told.
  stream.addEventListener('remplace', unfollow);
  stream.addEventListener('error', () => {
    if (!stream) return;
    unfollow();
    setTimeout(() => tell('nouvelles'), 3000 + Math.random() * 3000);
  });
}

// What happens around the page: 'reseau', 'coupure', 'vu', 'cache', 'envoyer' (Background Sync), 'autre' (another page
// wrote), 'nouvelles' (somebody did something to the deliveries).
export function listen(heard) {
  tell = heard;
  addEventListener('online', () => heard('reseau'));
  addEventListener('offline', () => { unfollow(); heard('coupure'); });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) unfollow();
    heard(document.hidden ? 'cache' : 'vu');
  });
  addEventListener('pageshow', (event) => { if (event.persisted) heard('vu'); });
  if (globalThis.BroadcastChannel) {
    channel = new BroadcastChannel('livreur');
    channel.onmessage = ({ data }) => { if (data === person) heard('autre'); };
  }
  navigator.serviceWorker?.addEventListener('message', ({ data }) => { if (data === 'envoyer') heard('envoyer'); });
}

export function is_seen() {
  return !document.hidden;
}

export function is_online() {
  return navigator.onLine !== false;
}

export function is_apple() {
  return /iPhone|iPad|Macintosh/.test(navigator.userAgent);
}

let worker = null;
let replacing = false;
let replaced = false;
// The program starts without a network, and a new version says when it is there.
export async function start_worker(ready) {
  if (!navigator.serviceWorker) return;
  navigator.storage?.persist?.().catch(() => {});
  const controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // Only where an older version gave way: the first one changes nothing about the page. Another page may have asked for
    // it: each begins anew between two actions of its own.
    if (!controlled && !replacing) return;
    replaced = true;
    ready();
  });
  worker = await navigator.serviceWorker.register('/livreur/sw.js', { scope: '/livreur', updateViaCache: 'none' });
  const waits = () => { if (worker.waiting && navigator.serviceWorker.controller) ready(); };
  const watch = () => worker.installing?.addEventListener('statechange', waits);
  worker.addEventListener('updatefound', watch);
  // One may have been found while this page was on its way.
  watch();
  waits();
}

export function look_for_version() {
  worker?.update().catch(() => {});
}

export function take_version() {
  if (replaced) {
    location.reload();
    return;
  }
  replacing = true;
  worker?.waiting?.postMessage('prendre');
}

// Where the browser can send in the background, it is asked to.
export function ask_sync() {
  worker?.sync?.register(`envoi-${person}`).catch(() => {});
}

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function error_name(error) {
  return error?.name ?? '';
}

// The photo that was taken with a box, scaled down until it weighs no more than `most` bytes; null without one.
export async function photo_of(input, most) {
  const [file] = input.files;
  if (!file) return null;
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const canvas = document.createElement('canvas');
  for (let side = 1600, quality = 0.8; ; side = Math.round(side * 0.8), quality = Math.max(0.5, quality - 0.1)) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext('2d');
    // What is transparent would come out black.
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((good) => { canvas.toBlob(good, 'image/jpeg', quality); });
    if (!blob) throw new DOMException('', 'EncodingError');
    if (blob.size <= most || side < 200) {
      picture.close();
      return blob;
    }
  }
}

// A finger draws; `drawn` is called at the end of each stroke.
export function make_drawable(canvas, drawn) {
  const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
  canvas.width = canvas.clientWidth * ratio;
  canvas.height = canvas.clientHeight * ratio;
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  Object.assign(pen, { lineWidth: 2.5 * ratio, lineCap: 'round', lineJoin: 'round', strokeStyle: '#0f172a' });
  const at = ({ offsetX, offsetY }) => [offsetX * ratio, offsetY * ratio];
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
    pen.lineTo(...at(event));
    pen.stroke();
  };
  canvas.onpointermove = (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
  };
  canvas.onpointerup = () => drawn();
  canvas.onpointercancel = () => drawn();
}

// What was drawn before, as large as the canvas is now.
export async function draw_again(canvas, picture) {
  const drawn = await createImageBitmap(picture);
  canvas.getContext('2d').drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
}

export function address_of(picture) {
  return URL.createObjectURL(picture);
}

export function forget_address(address) {
  URL.revokeObjectURL(address);
}

export function picture_of(canvas) {
  return new Promise((good, bad) => {
    canvas.toBlob((blob) => (blob ? good(blob) : bad(new DOMException('', 'EncodingError'))), 'image/png');
  });
}
