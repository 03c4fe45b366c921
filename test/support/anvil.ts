import { type ChildProcess, spawn } from 'node:child_process';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Abi,
  type Address,
  createTestClient,
  custom,
  encodeDeployData,
  encodeFunctionData,
  formatTransactionReceipt,
  getAddress,
  type Hash,
  type Hex,
  numberToHex,
  publicActions,
  RpcRequestError,
  type RpcTransactionReceipt,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
  walletActions,
} from 'viem';
import { HDKey, hdKeyToAccount, type LocalAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { freePort } from '@countersign/private-postgres';
import { patience } from '../runner/patience.cjs';
import { compiledContract } from './contracts';
import { JsonPoster } from './json-poster';
import { useFixture } from './use-fixture';

const MNEMONIC = 'test test test test test test test test test test test junk';
const START_MS = 10_000 * patience;
const ACCOUNTS = 10;
const PORTS_TRIED = 5;
const POLL_MS = 10;
/** Of a transaction that an account of a test signs: not estimated, nor are the fees asked for. */
const SIGNED = {
  type: 'eip1559',
  gas: 1_000_000n,
  maxFeePerGas: 10_000_000_000n,
  maxPriorityFeePerGas: 1_000_000_000n,
} as const;

export interface AnvilOptions {
  /** 31337 by default. */
  readonly chainId?: number;
  /** Further arguments of the command, such as `--slots-in-an-epoch`, `4`. */
  readonly flags?: readonly string[];
}

export interface Deployed {
  readonly address: Address;
  readonly abi: Abi;
}

export interface Sending {
  /** The first account by default. */
  readonly from?: LocalAccount;
  readonly value?: bigint;
}

interface Transaction {
  readonly to?: Address | undefined;
  readonly data?: Hex | undefined;
  readonly value?: bigint | undefined;
}

interface RpcCall {
  readonly method: string;
  readonly params?: unknown;
}

interface RpcAnswer {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** As in BIP 39: Node derives it in a hundredth of the time of the library behind viem. */
const hdKey = HDKey.fromMasterSeed(pbkdf2Sync(MNEMONIC, 'mnemonic', 2_048, 64, 'sha512'));
const accounts: LocalAccount[] = [];

/** An account of every anvil, with 10,000 ETH; or a mistake of the test. */
export function anvilAccount(index: number): LocalAccount {
  if (index >= ACCOUNTS) throw new RangeError(`anvil has no account ${index}`);
  return (accounts[index] ??= hdKeyToAccount(hdKey, { addressIndex: index }));
}

/** A real EVM node with a chain of its own; each transaction makes a block, unless `evm_setAutomine` is false. */
export class Anvil {
  readonly client;
  private readonly poster: JsonPoster;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    readonly chainId: number,
  ) {
    this.poster = new JsonPoster(url, START_MS);
    this.client = createTestClient({
      mode: 'anvil',
      chain: { ...foundry, id: chainId },
      transport: custom({ request: (call: RpcCall) => this.call(call) }, { retryCount: 0 }),
      pollingInterval: 20,
    })
      .extend(publicActions)
      .extend(walletActions);
  }

  static async start({ chainId = 31337, flags = [] }: AnvilOptions = {}): Promise<Anvil> {
    const binary = anvilBinary();
    if (binary === null) throw new Error('anvil is not installed');
    for (let tried = 1; ; tried++) {
      const port = await freePort();
      const child = spawn(
        binary,
        ['--port', String(port), '--chain-id', String(chainId), '--mnemonic', MNEMONIC, ...flags],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      );
      try {
        await listening(child);
        return new Anvil(child, `http://127.0.0.1:${port}`, chainId);
      } catch (error) {
        await ended(child);
        if (tried === PORTS_TRIED) throw error;
      }
    }
  }

  async stop(): Promise<void> {
    await this.poster.close();
    await ended(this.child);
  }

  /** JSON-RPC, for what the client has no method for. */
  request<T = unknown>(method: string, params: readonly unknown[] = []): Promise<T> {
    return this.client.request({ method, params } as never);
  }

  /** Several calls of one method in one HTTP request. @returns the results in the order of the parameters */
  async batch<T>(method: string, parameters: readonly (readonly unknown[])[]): Promise<readonly T[]> {
    if (parameters.length === 0) return [];
    const calls = parameters.map((params, id) => ({ jsonrpc: '2.0', id, method, params }));
    const answers = (await this.poster.post(calls)) as readonly (RpcAnswer & { readonly id: number })[];
    const results: T[] = [];
    for (const { id, result, error } of answers) {
      if (error) throw new RpcRequestError({ body: calls[id] ?? {}, error, url: this.url });
      results[id] = result as T;
    }
    return results;
  }

  /** Deploys a contract of test/contracts. */
  async deploy(name: string, args: readonly unknown[] = []): Promise<Deployed> {
    const { abi, bytecode } = compiledContract(name);
    const { contractAddress } = await this.send({ data: encodeDeployData({ abi, bytecode, args }) });
    if (!contractAddress) throw new Error(`${name} was not deployed`);
    return { address: getAddress(contractAddress), abi };
  }

  /** Calls a function in a transaction, and waits for its block. A revert rejects. */
  async write(
    { address, abi }: Deployed,
    functionName: string,
    args: readonly unknown[] = [],
    { from, value }: Sending = {},
  ): Promise<TransactionReceipt> {
    return this.send({ to: address, data: encodeFunctionData({ abi, functionName, args }), value }, from);
  }

  read<T = unknown>(
    { address, abi }: Deployed,
    functionName: string,
    args: readonly unknown[] = [],
  ): Promise<T> {
    return this.client.readContract({ address, abi, functionName, args }) as Promise<T>;
  }

  /** Sends native coin, and waits for the block. */
  async pay(to: Address, value: bigint, { from }: Sending = {}): Promise<TransactionReceipt> {
    return this.send({ to, value }, from);
  }

  /** One request, or two for an account whose key anvil has not got. */
  private async send(
    { to, data, value }: Transaction,
    from: LocalAccount = anvilAccount(0),
  ): Promise<TransactionReceipt> {
    const receipt = formatTransactionReceipt(
      await (accounts.includes(from)
        ? this.request<RpcTransactionReceipt>('eth_sendTransactionSync', [
            { from: from.address, to, data, value: value === undefined ? value : numberToHex(value) },
          ])
        : this.sendSigned({ to, data, value }, from)),
    );
    if (receipt.status === 'reverted') throw new Error(`${receipt.transactionHash} was reverted`);
    return receipt;
  }

  private async sendSigned(transaction: Transaction, from: LocalAccount): Promise<RpcTransactionReceipt> {
    const nonce = await this.client.getTransactionCount({ address: from.address, blockTag: 'pending' });
    const { chainId } = this;
    return this.request('eth_sendRawTransactionSync', [
      await from.signTransaction({ ...SIGNED, ...transaction, chainId, nonce }),
    ]);
  }

  private async call({ method, params }: RpcCall): Promise<unknown> {
    const body = { jsonrpc: '2.0', id: 1, method, params };
    const { result, error } = (await this.poster.post(body)) as RpcAnswer;
    if (error) throw new RpcRequestError({ body, error, url: this.url });
    return result;
  }

  /** Asks again and again: `waitForTransactionReceipt` waits for ever where the receipt comes after its block. */
  async receipt(hash: Hash): Promise<TransactionReceipt> {
    for (const until = performance.now() + START_MS; ;) {
      try {
        return await this.client.getTransactionReceipt({ hash });
      } catch (error) {
        if (!(error instanceof TransactionReceiptNotFoundError) || performance.now() > until) throw error;
        await sleep(POLL_MS);
      }
    }
  }

  /** Mines empty blocks, or what is pending. */
  async mine(blocks = 1): Promise<void> {
    await this.request('anvil_mine', [`0x${blocks.toString(16)}`]);
  }

  /**
   * Replaces the last blocks. The transactions in them are gone, unless they are given again; each with the place of
   * its new block, 0 to `depth - 1`. One that cannot be executed is left out without a word.
   */
  async reorg(
    depth: number,
    transactions: readonly (readonly [raw: Hex, block: number])[] = [],
  ): Promise<void> {
    // Two empty blocks can be identical, and then nothing is replaced.
    await this.request('anvil_setCoinbase', [`0x${randomBytes(20).toString('hex')}`]);
    await this.request('anvil_reorg', [depth, transactions]);
  }
}

/** The package is for Linux on x64 only. Null where it is not installed. */
export function anvilBinary(): string | null {
  const binary = join(__dirname, '../anvil/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil');
  return existsSync(binary) ? binary : null;
}

/** `describe` where anvil is installed. Where it is not, the tests are skipped, and fail in CI. */
export function describeWithAnvil(name: string, tests: () => void): void {
  if (anvilBinary() !== null) describe(name, tests);
  else if (process.env.CI) describe(name, () => it('has anvil', () => expect(anvilBinary()).not.toBeNull()));
  else describe.skip(name, tests);
}

/** An anvil for all tests of a `describe`. */
export function useAnvil(options: AnvilOptions = {}): Anvil {
  return useFixture(() => Anvil.start(options), {
    close: (anvil) => anvil.stop(),
    failure: 'anvil did not start',
  });
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error('anvil does not start')), START_MS);
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    };
    child.once('error', settle);
    child.once('exit', () => settle(new Error(`anvil has ended: ${output.slice(-500)}`)));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    // Read to the end, or anvil would wait for its reader.
    child.stdout?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
      if (output.includes('Listening on')) settle();
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exit = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await exit;
}
