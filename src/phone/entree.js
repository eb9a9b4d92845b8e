// Starts the phone's program; a file of its own, because the page allows no script inside it but those that it names.
import init, { start } from './livreur.js';

const came = await init({ module_or_path: new URL('./livreur.wasm', import.meta.url) }).then(() => true, (error) => {
  console.warn(error);
  // The page says so (src/server/phone.rs: NOT_COME).
  dispatchEvent(new Event('pas-venu'));
  return false;
});
if (came) start();
