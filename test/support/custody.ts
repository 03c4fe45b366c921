import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { Client } from 'pg';
import { generateKeyRing, type KeyRingDocument } from '@countersign/crypto';
import type { ChainToRead } from '@countersign/custody-protocol';
import { CustodyClient, type CustodyHealth, type Signing } from '@countersign/embedded-wallets';
import { messageOf, tonTransferPayload, type TonSend } from '@countersign/transfers';
import type { WalletAct } from '@countersign/wallet-acts';
import { tonWalletOf } from '@countersign/wallet-keys';
import { startCustody } from '../../apps/custody/src/custody';
import { callAt, ConsentPage } from './consents';
import { asAdministrator } from './administrator';
import { FakeClock } from './fake-clock';
import { testServer } from './test-server';
import { patience } from '../runner/patience.cjs';
import { until } from './until';

const ROOT = resolve(__dirname, '../..');
const BUNDLES = join(ROOT, 'node_modules', '.cache', 'countersign-custody');

/** More than any test signs away, of all assets of the chains of tests. */
const MUCH = { walletPerDay: String(10n ** 30n), allPerHour: String(10n ** 33n) };
/** Rules for all other tokens, and for all other collectibles. On TON each jetton has a rule of its own. */
const othersOf = (chain: string) =>
  ['token', 'collectible']
    .filter((kind) => kind === 'collectible' || !chain.startsWith('ton:'))
    .map((kind) => ({ chain, token: '*', kind }));
const CHAINS = [
  'eip155:1',
  'eip155:8453',
  'eip155:31337',
  'eip155:210000',
  'eip155:11155111',
  'ton:-239',
  'ton:-3',
];
/** What no test asks. */
const NODES = CHAINS.filter((chain) => chain.startsWith('eip155:')).map((chain) => ({
  chain,
  rpcUrls: ['http://127.0.0.1:1/', 'http://127.0.0.1:2/'],
}));
/** Between the questions of the reader that tests have in the place of the real one. */
const READ_MS = 25;
export const OPEN_RULES = {
  assets: CHAINS.flatMap((chain) =>
    [{ chain, token: null }, ...othersOf(chain)].map((rule) => ({ ...rule, ...MUCH, withConsent: MUCH })),
  ),
  domains: ['game.example', 'example.com', 'app.example', 'localhost:3000'],
  undecoded: 'sign',
  ...{ exportsPerHour: 1_000, exportDelayHours: 0 },
  destructionsPerHour: 1_000,
};

/** A call about a wallet. */
export const anAct = (walletId: string = randomUUID()) => ({ callId: randomUUID(), walletId });

/** `done`, or the code of why it is not. */
export const outcomeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: unknown) => (error as { code: string }).code,
  );

/** What a process answers at its socket, as text. */
export function rawExchange(path: string, ...chunks: readonly Buffer[]): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(path).on('error', () => undefined);
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('close', () => resolve(answer));
    for (const chunk of chunks) socket.write(chunk);
  });
}

/** A transfer of coins of Ethereum, whose fee is 21,000 wei. */
export const coins = (value: bigint, nonce = 0, more: object = {}): WalletAct => ({
  kind: 'transaction',
  transaction: {
    ...{ to: `0x${'22'.repeat(20)}`, value: String(value), data: '0x', nonce, gas: '21000' },
    ...{ maxFeePerGas: '1', maxPriorityFeePerGas: '0', ...more },
  },
});

/** A transfer of TON that is valid for so many seconds. */
export const tonTransfer = (
  sends: readonly TonSend[],
  seqno: number,
  { seconds = 50 }: { readonly seconds?: number } = {},
): WalletAct => {
  const validUntil = Math.floor(Date.now() / 1_000) + seconds;
  const payload = tonTransferPayload({ network: -239, seqno, validUntil, messages: sends.map(messageOf) });
  return { kind: 'ton-transfer', payload: payload.toString('base64') };
};

/** The real process of `apps/custody`, by a role and a schema of its own in a database that another role owns. */
export class TestCustody {
  private child: ChildProcess | null = null;
  private backup: string | null = null;
  output = '';
  /** Whether its rules may allow what is for development alone, as those of most tests do. */
  isDevelopment = true;
  /** Whether it has a second copy of wallets. */
  hasCopy = false;
  /** The next nonce of a wallet at a finalized block, as its reader reports it; null: it reports nothing. */
  nextNonce: (chain: string, address: string) => number | null | Promise<number | null> = () => 0;
  private isReading = true;
  /** The database of an API that its signatures are compared with, which its reading role may do nothing but enter. */
  comparedWith: string | null = null;
  readonly client: CustodyClient;
  /** For persons whose wallets it has. */
  readonly page: ConsentPage;

  private constructor(
    private readonly folder: string,
    private readonly program: string,
    readonly names: { readonly database: string; readonly custody: string; readonly api: string },
    private readonly password: string,
    keyRing: KeyRingDocument,
  ) {
    this.client = new CustodyClient(this.socket, patience);
    this.page = new ConsentPage(this.consentSocket, this.client);
    this.writeKeyRing(keyRing);
    this.writeRules(OPEN_RULES);
  }

  static async start(
    keyRing = generateKeyRing(),
    rules: object = OPEN_RULES,
    { hasCopy = false } = {},
  ): Promise<TestCustody> {
    const custody = await TestCustody.prepare(keyRing);
    custody.hasCopy = hasCopy;
    custody.writeRules(rules);
    await custody.run();
    return custody;
  }

  static async prepare(keyRing = generateKeyRing()): Promise<TestCustody> {
    const suffix = randomBytes(4).toString('hex');
    const names = { database: `custody_test_${suffix}`, custody: `custody_${suffix}`, api: `api_${suffix}` };
    const password = randomBytes(8).toString('hex');
    const custody = new TestCustody(
      mkdtempSync(join(tmpdir(), 'custody-')),
      await (bundle ??= bundled()),
      names,
      password,
      keyRing,
    );
    await asAdministrator(async (client) => {
      for (const role of [names.custody, names.api])
        await client.query(`CREATE ROLE ${role} LOGIN NOSUPERUSER PASSWORD '${password}'`);
      await client.query(`CREATE DATABASE ${names.database} OWNER ${names.api}`);
    });
    await custody.asSuperuser((client) =>
      client.query(`CREATE SCHEMA custody AUTHORIZATION ${names.custody}`),
    );
    void custody.keepReading();
    return custody;
  }

  get socket(): string {
    return join(this.folder, 'socket');
  }

  get consentSocket(): string {
    return join(this.folder, 'consent');
  }

  get readerSocket(): string {
    return join(this.folder, 'reader');
  }

  get operatorSocket(): string {
    return join(this.folder, 'operator', 'socket');
  }

  get copyFolder(): string {
    return join(this.folder, 'copy');
  }

  get environment(): NodeJS.ProcessEnv {
    return {
      CUSTODY_SOCKET: this.socket,
      CUSTODY_OPERATOR_SOCKET: this.operatorSocket,
      CUSTODY_CONSENT_SOCKET: this.consentSocket,
      CUSTODY_READER_SOCKET: this.readerSocket,
      PATIENCE: String(patience),
      CUSTODY_DATABASE_URL: this.urlAt(testServer().url),
      CUSTODY_KEYS_FILE: join(this.folder, 'keys.json'),
      CUSTODY_RULES: this.rulesFile,
      ...this.copy,
      ...this.comparison,
    };
  }

  private get copy(): NodeJS.ProcessEnv {
    return this.hasCopy ? { CUSTODY_COPY: this.copyFolder } : {};
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Starts the process, and waits until it listens. @param server the URL of PostgreSQL, where it is a proxy's */
  async run(server = testServer().url): Promise<void> {
    const child = this.launch(undefined, [], { CUSTODY_DATABASE_URL: this.urlAt(server) });
    this.child = child;
    await until(() => this.output.includes('custody listens') || child.exitCode !== null);
    if (child.exitCode !== null) throw new Error(this.output);
  }

  /** The real process, in the place of which `nextNonce` is. @returns what ends it */
  startReader(): () => Promise<void> {
    const env = { CUSTODY_READER_SOCKET: this.readerSocket, LOG_LEVEL: 'silent' };
    const child = spawn(process.execPath, [this.program, 'reader'], { env, stdio: 'ignore' });
    const exited = once(child, 'exit');
    this.nextNonce = () => null;
    return async () => {
      child.kill('SIGTERM');
      await exited;
      this.nextNonce = () => 0;
    };
  }

  private async keepReading(): Promise<void> {
    for (; this.isReading; await sleep(READ_MS, undefined, { ref: false }))
      await this.read().catch(() => undefined);
  }

  /** In the place of the real reader. */
  async read(): Promise<void> {
    const asked = await callAt(this.readerSocket, { call: 'to-read' });
    for (const { chain, accounts } of JSON.parse(String(asked?.body ?? '[]')) as readonly ChainToRead[])
      for (const { walletId, address } of accounts) {
        const next = await this.nextNonce(chain, address);
        if (next !== null) await callAt(this.readerSocket, { call: 'report', walletId, on: chain, next });
      }
  }

  /** Its new connections have prepared nothing: the text of each statement is on the wire once more. */
  async restart(server?: string): Promise<void> {
    await this.kill();
    await this.run(server);
  }

  /** What it does so many hours later, in this process. */
  async later(hours: number, work: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    await this.kill();
    const clock = new FakeClock(new Date(Date.now() + hours * 3_600_000));
    const running = await startCustody(
      { ...this.environment, LOG_LEVEL: 'silent' },
      { clock, isDevelopment: true },
    );
    this.page.now = () => clock.now();
    try {
      await work();
    } finally {
      this.page.now = () => new Date();
      await running.close();
      await this.run();
    }
  }

  /** Runs a command of the operator. @returns its exit code and output */
  command(...words: string[]): string {
    const { PATH } = process.env;
    const environment = { PATH, CUSTODY_OPERATOR_SOCKET: this.operatorSocket, ...this.copy };
    const { status, stdout, stderr } = spawnSync(process.execPath, [this.program, ...words], {
      env: environment,
      encoding: 'utf8',
    });
    return `${status}: ${stdout}${stderr}`.trim();
  }

  /** Starts it by a shell with this command in front, and answers what it says when it ends by itself. */
  async refusal(
    before: string,
    { nodeOptions = [], environment = {} }: { nodeOptions?: string[]; environment?: NodeJS.ProcessEnv } = {},
  ): Promise<string> {
    const child = this.launch(before, nodeOptions, environment);
    this.child = child;
    const [code] = (await once(child, 'exit')) as [number | null];
    await until(() => this.output !== '');
    return `${code ?? 'killed'}: ${this.output.trim()}`;
  }

  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  async kill(name: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const child = this.child;
    if (child?.exitCode !== null || child.signalCode !== null) return null;
    const exited = once(child, 'exit') as Promise<[number | null]>;
    child.kill(name);
    return (await exited)[0];
  }

  writeKeyRing(keyRing: KeyRingDocument): void {
    writeFileSync(join(this.folder, 'keys.json'), JSON.stringify(keyRing), { mode: 0o600 });
  }

  writeRules(rules: object): void {
    const more = { chains: NODES, consentBots: this.page.bots };
    writeFileSync(this.rulesFile, JSON.stringify({ ...more, ...rules }), { mode: 0o600 });
  }

  get rulesFile(): string {
    return join(this.folder, 'rules.json');
  }

  /** What the process calls its rules, once it has read those of the file. */
  async reload(rules: object): Promise<void> {
    this.writeRules(rules);
    const before = this.output.split('rules read').length;
    this.signal('SIGHUP');
    await until(() => this.output.split('rules read').length > before);
  }

  /** Starts it again, and waits until it has compared its journal with the acts in the database of an API. */
  async compare(database: string): Promise<CustodyHealth> {
    this.comparedWith = database;
    await this.kill('SIGTERM');
    await this.run();
    let health = await this.client.health();
    await until(async () => (health = await this.client.health()).comparison?.comparedAt != null);
    return health;
  }

  async aWallet(): Promise<string> {
    const act = anAct();
    await this.client.create(act, 'production');
    return act.walletId;
  }

  /** Lets a wallet sign any of its first 16 nonces, in any order, as if it had signed them before. */
  async openNonces(walletId: string, chain = 'eip155:1'): Promise<string> {
    await this.asSuperuser((client) =>
      client.query(
        `INSERT INTO custody.accounts (wallet_id, chain, next, reported_at, highest) VALUES ($1, $2, 0, now(), 15)`,
        [walletId, chain],
      ),
    );
    return walletId;
  }

  /** An act of the wallet's own address. */
  async signingOf(walletId: string, act: WalletAct, chain = 'eip155:1'): Promise<Signing> {
    const { evmAddress, tonPublicKey } = await this.client.describe(walletId);
    const ton = tonWalletOf(Buffer.from(tonPublicKey, 'hex'), chain === 'ton:-3' ? -3 : -239).address;
    const address = chain.startsWith('ton:') ? ton : evmAddress.toLowerCase();
    return { chain, act, at: Math.floor(Date.now() / 1_000), address };
  }

  /** Signs a text as the EVM wallet of the act. */
  async signText(
    act: { readonly callId: string; readonly walletId: string },
    message = 'hello',
  ): Promise<Buffer> {
    const text = { kind: 'message', message, encoding: 'text' } as const;
    return this.client.sign(act, await this.signingOf(act.walletId, text));
  }

  /** Copies its database as of now, while the process does not run. @returns puts the copy in its stead */
  async backUp(): Promise<() => Promise<void>> {
    const { database, api } = this.names;
    const copy = `${database}_backup`;
    const replace = (to: string, from: string) =>
      asAdministrator(async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${to} WITH (FORCE)`);
        await client.query(`CREATE DATABASE ${to} OWNER ${api} TEMPLATE ${from}`);
      });
    await replace(copy, database);
    this.backup = copy;
    return () => replace(database, copy);
  }

  async close(): Promise<void> {
    this.isReading = false;
    await this.kill();
    await asAdministrator(async (client) => {
      if (this.backup !== null) await client.query(`DROP DATABASE ${this.backup} WITH (FORCE)`);
      await client.query(`DROP DATABASE ${this.names.database} WITH (FORCE)`);
      await client.query(`DROP ROLE ${this.names.custody}, ${this.names.api}`);
    });
    rmSync(this.folder, { recursive: true, force: true });
  }

  asSuperuser<T>(work: (client: Client) => Promise<T>): Promise<T> {
    return this.connected(new URL(testServer().url), work);
  }

  asRole<T>(role: string, work: (client: Client) => Promise<T>, database = this.names.database): Promise<T> {
    return this.connected(
      Object.assign(new URL(testServer().url), { username: role, password: this.password }),
      work,
      database,
    );
  }

  private async connected<T>(
    url: URL,
    work: (client: Client) => Promise<T>,
    database = this.names.database,
  ): Promise<T> {
    const client = new Client({
      connectionString: Object.assign(url, { pathname: `/${database}` }).href,
    });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  private get comparison(): NodeJS.ProcessEnv {
    if (this.comparedWith === null) return {};
    const { api: username } = this.names;
    const where = { username, password: this.password, pathname: `/${this.comparedWith}` };
    return { CUSTODY_API_DATABASE_URL: Object.assign(new URL(testServer().url), where).href };
  }

  private urlAt(server: string): string {
    return Object.assign(new URL(server), {
      username: this.names.custody,
      password: this.password,
      pathname: `/${this.names.database}`,
    }).href;
  }

  private launch(
    before = 'ulimit -c 0',
    nodeOptions: string[] = [],
    environment: NodeJS.ProcessEnv = {},
  ): ChildProcess {
    this.output = '';
    const options = this.isDevelopment ? ['--development'] : [];
    const child = spawn(
      '/bin/sh',
      ['-c', `${before}; exec "$0" "$@"`, process.execPath, ...nodeOptions, this.program, ...options],
      {
        env: { ...this.environment, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk.toString('utf8');
      });
    return child;
  }
}

/** Once in a worker. */
let bundle: Promise<string> | undefined;

/** Packages of Nest that are not installed. */
const OPTIONAL = ['microservices', 'websockets', 'platform-express'].flatMap((name) => [
  `@nestjs/${name}`,
  `@nestjs/${name}/*`,
]);

/** One file with all packages, which a process reads twice as fast as their own files. The memory of one is found by its path. */
async function bundled(): Promise<string> {
  mkdirSync(BUNDLES, { recursive: true });
  const outfile = join(BUNDLES, `main-${process.pid}.js`);
  await build({
    entryPoints: [join(ROOT, 'apps/custody/src/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['tiny-secp256k1', 'pg-native', ...OPTIONAL],
    define: { 'import.meta.url': 'URL_OF_BUNDLE' },
    banner: { js: `const URL_OF_BUNDLE = require('node:url').pathToFileURL(__filename).href;` },
    tsconfig: join(ROOT, 'tsconfig.json'),
    logLevel: 'error',
  });
  return outfile;
}
