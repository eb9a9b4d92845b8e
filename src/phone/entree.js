// Starts the phone's program; a file of its own, because the page allows no script inside it.
import init, { start } from './livreur.js';

await init({ module_or_path: new URL('./livreur.wasm', import.meta.url) });
start();
