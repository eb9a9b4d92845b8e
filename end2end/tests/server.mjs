// A second server over the same database, which may be stopped, killed and started again. `more`: settings of its own.
import { spawn } from 'node:child_process';
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
