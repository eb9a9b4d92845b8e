// A second server over the same database, which may be stopped, killed and started again. `more`: settings of its own.
import { spawn } from 'node:child_process';
import { createServer as createProxy, request as forward } from 'node:http';
import { createServer } from 'node:net';
import { expect } from './support.mjs';

export async function secondServer(more = {}) {
  const port = await new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
  const base = `http://127.0.0.1:${port}`;
  let process_;
  // Resolves with the time it took.
  const end = async (signal) => {
    if (!process_ || process_.exitCode !== null || process_.signalCode !== null) return 0;
    const before = Date.now();
    const gone = new Promise((done) => { process_.once('exit', done); });
    process_.kill(signal);
    await gone;
    return Date.now() - before;
  };
  return {
    base,
    async start() {
      expect(process.env.SERVER, 'SERVER names the program: scripts/test.sh sets it').toBeTruthy();
      process_ = spawn(process.env.SERVER, ['serve', '--demo', '--listen', `127.0.0.1:${port}`], { stdio: 'ignore', env: { ...process.env, ...more } });
      await expect.poll(() => fetch(`${base}/readyz`).then((r) => r.status, () => 0), { timeout: 60_000 }).toBe(200);
    },
    // In order: it ends what it is doing.
    stop: () => end('SIGTERM'),
    // In the middle of whatever it does.
    kill: () => end('SIGKILL'),
  };
}

// One address before several servers, which take what comes in turn: no two requests of a page meet the same one.
export async function inTurn(...bases) {
  const backs = bases.map((base) => new URL(base));
  let turn = 0;
  const proxy = createProxy((asked, answer) => {
    const { hostname, port } = backs[(turn += 1) % backs.length];
    const on = forward({ hostname, port, method: asked.method, path: asked.url, headers: asked.headers }, (told) => {
      answer.writeHead(told.statusCode, told.headers);
      told.pipe(answer);
      answer.on('close', () => on.destroy());
    });
    on.on('error', () => answer.destroy());
    asked.pipe(on);
  });
  await new Promise((listening) => { proxy.listen(0, '127.0.0.1', listening); });
  return {
    base: `http://127.0.0.1:${proxy.address().port}`,
    close: () => { proxy.closeAllConnections(); proxy.close(); },
  };
}
