import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { numberToHex } from 'viem';
import { built } from '../../bench/product/built.mjs';
import { ensureAnvil } from '../../scripts/lib/anvil.mjs';
import { inClone } from '../../scripts/lib/clone.mjs';

const { freePort } = built('tools/private-postgres/src');

export const CHAIN_ID = 'eip155:31337';
const ETHER = 10n ** 18n;
const CAPS = { maxFeePerGas: '100000000000', maxFee: '10000000000000000', depth: 0 };

/** An EVM chain by anvil, with a block each second and two nodes. */
export class Chain {
  #anvil;
  #urls;

  /** @param {import('../../bench/machine/ending.mjs').Ending} ending */
  static async start(ending) {
    const chain = new Chain();
    const anvil = await Anvil.start(['--slots-in-an-epoch', '1', '--block-time', '1']);
    ending.before(() => anvil.stop());
    chain.#anvil = anvil;
    chain.#urls = [await startNode(anvil.url, ending), await startNode(anvil.url, ending)];
    return chain;
  }

  get rpcUrls() {
    return this.#urls;
  }

  /** Value of `CHAINS`. */
  get document() {
    return JSON.stringify({
      chains: [
        {
          ...{ chainId: CHAIN_ID, name: 'anvil', environment: 'production', rpcUrls: this.#urls },
          ...{ mayNameAddresses: false, confirmations: 2, blockTimeMs: 1_000, requestsPerSecond: 1_000 },
          ...{ currency: { symbol: 'ETH', decimals: 18 }, sending: CAPS },
        },
      ],
    });
  }

  /** @param {string} address gets ten coins */
  async fund(address) {
    await this.#anvil.call('anvil_setBalance', address, numberToHex(10n * ETHER));
  }

  async balanceOf(address) {
    return BigInt(await this.#anvil.call('eth_getBalance', address, 'latest'));
  }

  /** Transactions that an address has sent. */
  async countOf(address) {
    return Number(await this.#anvil.call('eth_getTransactionCount', address, 'latest'));
  }
}

/** Forwards everything: a second node has an address of its own. */
async function startNode(target, ending) {
  const server = createServer((request, response) => {
    const forward = async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(target, { method: 'POST', headers, body: await text(request) });
      response.writeHead(answer.status, headers).end(await answer.text());
    };
    forward().catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ending.before(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

/** A node with a chain of its own. Linux on x64 only. */
class Anvil {
  #child;
  #id = 0;

  /** @param {string[]} flags of anvil @returns {Promise<Anvil>} */
  static async start(flags) {
    const anvil = new Anvil();
    await ensureAnvil();
    const port = await freePort();
    const program = inClone('test/anvil/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil');
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
