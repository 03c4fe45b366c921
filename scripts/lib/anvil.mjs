import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { encodeDeployData, encodeFunctionData, numberToHex } from 'viem';
import { inClone } from './clone.mjs';
import { ensureInstalledIn } from './install.mjs';

const HOME = inClone('test', 'anvil');

const CONTRACTS = join(import.meta.dirname, '../../test/contracts/compiled');
/** So that the same calls make the same blocks. */
const FIRST_SECOND = 1_700_000_000;
const BY_CALLS = ['--no-mining', '--timestamp', String(FIRST_SECOND)];

/** Other systems get an empty folder. */
export function ensureAnvil() {
  return ensureInstalledIn(HOME, 'Installing anvil, a local chain for tests ...', ['--ignore-scripts']);
}

/** A node with a chain of its own. Linux on x64 only. */
export class Anvil {
  #child;
  #second = FIRST_SECOND;
  #id = 0;

  /**
   * @param {string[]} flags further arguments of anvil
   * @param {string[]} mining those that say when it mines: by default at calls of `mine`
   * @returns {Promise<Anvil>}
   */
  static async start(flags = [], mining = BY_CALLS) {
    const anvil = new Anvil();
    await ensureAnvil();
    const port = await freePort();
    const words = ['--port', String(port), ...mining, ...flags];
    anvil.#child = spawn(join(HOME, 'node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil'), words, {
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
    anvil.accounts = await anvil.call('eth_accounts');
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

  /** Puts a transaction of an account of anvil into the next block. @returns {Promise<string>} its hash */
  send(from, transaction) {
    const { value, gas = 3_000_000n, ...others } = transaction;
    const numbers = { gas: numberToHex(gas), ...(value === undefined ? {} : { value: numberToHex(value) }) };
    return this.call('eth_sendTransaction', { from, ...others, ...numbers });
  }

  /** @returns {Promise<string>} the hash of the transaction that calls the function */
  write(from, { address, abi }, functionName, args = [], others = {}) {
    return this.send(from, { to: address, data: encodeFunctionData({ abi, functionName, args }), ...others });
  }

  /** Deploys a contract of test/contracts in a block of its own. */
  async deploy(name, args = []) {
    const { abi, bytecode } = JSON.parse(readFileSync(join(CONTRACTS, `${name}.json`), 'utf8'));
    const hash = await this.send(this.accounts[0], {
      data: encodeDeployData({ abi, bytecode, args }),
      gas: 6_000_000n,
    });
    await this.mine();
    const { contractAddress } = await this.call('eth_getTransactionReceipt', hash);
    return { address: contractAddress, abi };
  }

  /** @returns {Promise<{ block: any, receipts: any }>} the block of all that was sent, as the node answers it */
  async mine() {
    this.#second += 12;
    await this.call('evm_setNextBlockTimestamp', numberToHex(this.#second));
    await this.call('evm_mine');
    return this.read('latest');
  }

  async read(block) {
    const [answer, receipts] = await Promise.all([
      this.call('eth_getBlockByNumber', block, true),
      this.call('eth_getBlockReceipts', block),
    ]);
    return { block: answer, receipts };
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
