import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { patience } from '../../runner/patience.cjs';
import { anvilAccount } from '../../support/anvil';
import { freePort } from './program';

const FOLDER = resolve(__dirname, '../../evm-pool');
const CLIENT = join(FOLDER, 'node_modules/@ethereumjs/client/dist/esm/bin/cli.js');
const STARTED = 'Client started successfully';
const START_MS = 20_000 * patience;
/** `eth_feeHistory` of this client fails where it is asked for more blocks than there are. */
const FIRST_BLOCKS = 21;
const FORKS = ['homestead', 'eip150', 'eip155', 'eip158', 'byzantium', 'constantinople', 'petersburg'];
/** Of the account that gets the tips. */
const MINER_KEY = Buffer.alloc(32, 7);

/** EthereumJS with a chain of its own, whose blocks are made on demand. Its pool takes only replacements that pay a tenth more. */
export class SecondPool {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async start(): Promise<SecondPool> {
    const folder = mkdtempSync(join(tmpdir(), 'evm-pool-'));
    const [genesis, key] = [join(folder, 'genesis.json'), join(folder, 'key')];
    writeFileSync(genesis, JSON.stringify(genesisOf()));
    writeFileSync(key, MINER_KEY.toString('hex'), { mode: 0o600 });
    const [rpcPort, port] = [await freePort(), await freePort()];
    const flags = {
      ...{ gethGenesis: genesis, unlock: key, dataDir: folder, mine: true, logFile: false },
      ...{ rpc: true, rpcAddr: '127.0.0.1', rpcPort, port, discV4: false, discDns: false },
    };
    const words = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    const preload = ['--import', join(FOLDER, 'mine-on-demand.mjs')];
    const child = spawn(process.execPath, [...preload, CLIENT, ...words], {
      // It writes a log beside it.
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const pool = new SecondPool(child, folder, `http://127.0.0.1:${rpcPort}`);
    try {
      await pool.started();
      await pool.mine(FIRST_BLOCKS);
      return pool;
    } catch (error) {
      await pool.stop();
      throw error;
    }
  }

  async mine(blocks = 1): Promise<void> {
    for (let block = 0; block < blocks; block += 1) {
      const mined = once(this.child, 'message');
      this.child.send('mine');
      await mined;
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await exit;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private started(): Promise<void> {
    return new Promise((done, fail) => {
      let output = '';
      const timer = setTimeout(() => fail(new Error(`it does not start: ${output}`)), START_MS);
      this.child.once('exit', () => fail(new Error(`it has ended: ${output}`)));
      for (const stream of [this.child.stdout, this.child.stderr])
        stream?.on('data', (chunk: Buffer) => {
          output = (output + chunk.toString()).slice(-4_000);
          if (!output.includes(STARTED)) return;
          clearTimeout(timer);
          done();
        });
    });
  }
}

/** A chain in the hard fork London, with the number of anvil's. */
function genesisOf(): object {
  const forks = [...FORKS, 'istanbul', 'berlin', 'london'].map((name) => [`${name}Block`, 0]);
  return {
    config: { chainId: 31337, ...Object.fromEntries(forks), ethash: {} },
    extraData: '0x',
    difficulty: '0x20000',
    gasLimit: '0x1c9c380',
    // 100 gwei; each empty block takes an eighth away.
    baseFeePerGas: '0x174876e800',
    timestamp: '0x0',
    nonce: '0x0',
    mixHash: `0x${'00'.repeat(32)}`,
    coinbase: `0x${'00'.repeat(20)}`,
    alloc: { [anvilAccount(0).address]: { balance: '0xd3c21bcecceda1000000' } },
  };
}
