import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { built } from '../../bench/product/built.mjs';

const { freePort } = built('tools/private-postgres/src');
const require = createRequire(import.meta.url);

export const CHAIN_ID = 'eip155:31337';
const ETHER = 10n ** 18n;
const CAPS = { maxFeePerGas: '100000000000', maxFee: '10000000000000000', depth: 0 };
const POLL = 100;
const START_TRIES = 300;

/** An EVM chain by anvil, with a block each second and two nodes. */
export class Chain {
  #url;
  #urls;

  /** @param {import('../../bench/machine/ending.mjs').Ending} ending */
  static async start(ending) {
    const chain = new Chain();
    const port = await freePort();
    const program = join(dirname(require.resolve('@foundry-rs/anvil-linux-amd64/package.json')), 'bin/anvil');
    const args = ['--port', String(port), '--silent', '--slots-in-an-epoch', '1', '--block-time', '1'];
    const child = spawn(program, args, { stdio: 'ignore' });
    ending.before(() => child.kill('SIGKILL'));
    chain.#url = `http://127.0.0.1:${port}/`;
    for (let left = START_TRIES; !(await chain.#isUp()); left -= 1) {
      if (left === 0) throw new Error('anvil did not start');
      await wait(POLL);
    }
    chain.#urls = [await startNode(chain.#url, ending), await startNode(chain.#url, ending)];
    return chain;
  }

  /** Value of `CHAINS`. */
  get document() {
    return JSON.stringify({
      chains: [
        {
          ...{ chainId: CHAIN_ID, name: 'anvil', environment: 'production', rpcUrls: this.#urls },
          ...{ mayNameAddresses: false, confirmations: 2, blockTimeMs: 1_000, requestsPerSecond: 1_000 },
          ...{ currency: { symbol: 'ETH', decimals: 18 }, sending: CAPS, follow: false },
        },
      ],
    });
  }

  /** @param {string} address gets ten coins */
  async fund(address) {
    await this.#call('anvil_setBalance', [address, `0x${(10n * ETHER).toString(16)}`]);
  }

  async balanceOf(address) {
    return BigInt(await this.#call('eth_getBalance', [address, 'latest']));
  }

  /** Transactions that an address has sent. */
  async countOf(address) {
    return Number(await this.#call('eth_getTransactionCount', [address, 'latest']));
  }

  async #call(method, params) {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(this.#url, { method: 'POST', headers, body });
    const { result, error } = await answer.json();
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  #isUp() {
    return this.#call('eth_chainId', []).then(
      () => true,
      () => false,
    );
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
