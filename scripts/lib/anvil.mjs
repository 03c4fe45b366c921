import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { inClone } from './clone.mjs';
import { ensureInstalledIn } from './install.mjs';

const HOME = inClone('test', 'anvil');

/** Other systems get an empty folder. */
export function ensureAnvil() {
  return ensureInstalledIn(HOME, 'Installing anvil, a local chain for tests ...', ['--ignore-scripts']);
}

/** A node with a chain of its own. Linux on x64 only. */
export class Anvil {
  #child;
  #id = 0;

  /** @param {string[]} flags of anvil @returns {Promise<Anvil>} */
  static async start(flags) {
    const anvil = new Anvil();
    await ensureAnvil();
    const port = await freePort();
    const program = join(HOME, 'node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil');
    anvil.#child = spawn(program, ['--port', String(port), ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    anvil.url = `http://127.0.0.1:${port}`;
    await new Promise((resolve, reject) => {
      let output = '';
      anvil.#child.once('exit', (code) => reject(new Error(`anvil has ended with ${code}: ${output}`)));
      anvil.#child.stdout.on('data', (chunk) => {
        output = (output + chunk).slice(-4000);
        if (output.includes('Listening on')) resolve();
      });
    });
    return anvil;
  }

  async stop() {
    // Ctrl-C ends it too.
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.removeAllListeners('exit');
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  async call(method, ...params) {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: ++this.#id, method, params }),
    });
    const { result, error } = await response.json();
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
