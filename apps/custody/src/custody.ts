import {
  type Clock,
  createLogger,
  type Logger,
  readCustodyConfiguration,
  standardOutput,
  SystemClock,
} from '@countersign/runtime';
import { sides } from '@countersign/custody-protocol';
import { Acts } from './acts';
import { Allowance } from './allowance';
import { Comparison } from './comparison';
import { ConsentCalls } from './consent/consent-calls';
import { wayOutHandlers } from './consent/ways-out';
import { WalletSeal } from '@countersign/custody-rules';
import { collectorOfCopies } from './hardening';
import { KeyRotation } from './key-rotation';
import { RingSplit } from './ring-split';
import { CustodyServer } from './server';
import { nonceHandlers } from './nonce-calls';
import { WalletCalls } from './wallet-calls';
import { wantAllReports } from './store/accounts.repository';
import { Consents } from './store/consents.repository';
import { Copies } from './store/copies';
import { CustodyDatabase, poolOf } from './store/custody-database.repository';
import { SealedWallets } from './store/sealed-wallets.repository';
import { deleteOldSums } from './store/sums.repository';
import { Witness } from './store/witness';

interface RunningCustody {
  readonly logger: Logger;
  reload(): Promise<void>;
  close(): Promise<void>;
}

export async function startCustody(
  environment: NodeJS.ProcessEnv,
  options: { readonly clock?: Clock; readonly isDevelopment?: boolean } = {},
): Promise<RunningCustody> {
  const { clock = new SystemClock(), isDevelopment = false } = options;
  const configuration = readCustodyConfiguration(environment);
  const { apiDatabaseUrl, copy, databaseUrl, keyRing: ring, patience } = configuration;
  const logger: Logger = createLogger(configuration.logLevel, standardOutput());
  const copies = copy === null ? null : new Copies(copy);
  const database = await CustodyDatabase.open(databaseUrl, patience);
  const wallets = new SealedWallets(new WalletSeal(ring), copies);
  const rotation = new KeyRotation(database, wallets, logger);
  const allowance = new Allowance(isDevelopment);
  const readRules = () => allowance.follow(configuration.rules, database, clock.now());
  const consents = new Consents(ring);
  const calls = new ConsentCalls(wallets, allowance, consents, ring);
  const api = apiDatabaseUrl === null ? null : poolOf(apiDatabaseUrl, patience);
  const comparison = api && new Comparison(api, database, wallets, clock, logger);
  const { handlers } = new WalletCalls(wallets, allowance, consents, comparison);
  const witness = copies && new Witness(copies, database, wallets, allowance, clock, logger);
  const ringSplit = new RingSplit(database, logger);
  const all = {
    ...handlers,
    ...ringSplit.handlers,
    ...calls.handlers,
    ...wayOutHandlers(wallets, ring),
    ...nonceHandlers(wallets, allowance),
  };
  const acts = new Acts(database, all, clock, witness);
  const { socket, operatorSocket: operator, consentSocket: consent, readerSocket: reader } = configuration;
  const listeners = sides.flatMap((side) => {
    const path = { api: socket, operator, consent, reader }[side];
    return path === null ? [] : [new CustodyServer(acts, logger, collectorOfCopies(), side, path)];
  });
  let rules: string | null;
  try {
    await rotation.follow(ring);
    rules = await readRules();
    await witness?.follow();
    await ringSplit.follow(environment);
    await database.transaction(wantAllReports);
    for (const listener of listeners) await listener.listen();
  } catch (error) {
    await database.close();
    throw error;
  }
  const sealing = every(1, 'sealing', logger, (signal) => rotation.run(signal));
  const jobs = [
    sealing,
    every(10, 'deletion', logger, async () => {
      const count = await database.transaction(async (client) => {
        await deleteOldSums(client, clock.now());
        return wallets.deleteKeys(client, clock.now());
      });
      if (count > 0) logger.info({ count }, 'keys of destroyed wallets deleted');
      while (await database.transaction((client) => consents.deleteOld(client, clock.now())));
    }),
    ...(comparison ? [every(1, 'comparison', logger, () => comparison.run())] : []),
  ];
  const missing = {
    CUSTODY_COPY:
      !copies &&
      'wallets made since the last backup are lost with the database, and a restore of it is not noticed',
    CUSTODY_API_DATABASE_URL: !api && 'signatures are not compared with acts of the API',
    CUSTODY_READER_SOCKET: reader === null && 'nothing is signed on EVM chains that moves a coin or token',
  };
  for (const [name, loss] of Object.entries(missing))
    if (loss) logger.warn({}, `${name} is not set: ${loss}`);
  logger.info({ activeKey: wallets.seal.activeKeyId, rules }, 'custody listens');
  const follow = (words: string, work: () => Promise<void>): Promise<void> =>
    work().catch((error: unknown) => logger.error({ reason: (error as Error).message }, words));
  const reload = async (): Promise<void> => {
    await follow('rules not taken: the earlier ones stay', async () =>
      logger.info({ rules: await readRules() }, 'rules read'),
    );
    await follow('key ring refused: the earlier one stays', async () => {
      await rotation.follow(readCustodyConfiguration(environment).keyRing);
      await ringSplit.follow(environment);
      logger.info({ activeKey: wallets.seal.activeKeyId }, 'key ring read');
      sealing.run();
    });
  };
  let reloading = Promise.resolve();
  return {
    logger,
    // Reloads run one after another, so that the last read wins.
    reload: () => (reloading = reloading.then(reload)),
    close: async () => {
      for (const listener of listeners) await listener.close();
      for (const job of jobs) await job.stop();
      await witness?.follow();
      await api?.end();
      await database.close();
      logger.info({}, 'stopped');
    },
  };
}

function every(minutes: number, job: string, logger: Logger, work: (signal: AbortSignal) => Promise<void>) {
  const stopping = new AbortController();
  let running = Promise.resolve();
  const run = (): void =>
    void (running = running
      .then(() => work(stopping.signal))
      .catch((error: unknown) => logger.error({ err: error, job }, 'work in the background failed')));
  run();
  const timer = setInterval(run, minutes * 60_000);
  return {
    run,
    stop: (): Promise<void> => {
      clearInterval(timer);
      stopping.abort();
      return running;
    },
  };
}
