import { SystemClock, type Clock } from '@countersign/clock';
import { readCustodyConfiguration } from '@countersign/config';
import { sides } from '@countersign/custody-protocol';
import { createLogger, standardOutput, type Logger } from '@countersign/observability';
import { Acts } from './acts';
import { Comparison } from './comparison';
import { ConsentCalls } from './consent/consent-calls';
import { CustodyRing } from './custody-ring';
import { collectorOfCopies, mayBeSwapped } from './hardening';
import { deleteOld } from './key-deletion';
import { KeyRotation } from './key-rotation';
import { Allowance } from './rules/allowance';
import { RulesFile } from './rules/rules-file';
import { CustodyServer } from './server';
import { Consents } from './store/consents.repository';
import { Copies } from './store/copies';
import { CustodyDatabase, poolOf } from './store/custody-database.repository';
import { SealedWallets } from './store/sealed-wallets.repository';
import { WaysOut } from './way-out/ways-out';

interface RunningCustody {
  readonly logger: Logger;
  /** Reads the rules and the key ring again, and seals all wallets under its active key. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** @throws ConfigurationError; Error in a sentence for a key ring that does not fit the wallets */
export async function startCustody(
  environment: NodeJS.ProcessEnv,
  clock: Clock = new SystemClock(),
): Promise<RunningCustody> {
  const configuration = readCustodyConfiguration(environment);
  const logger: Logger = createLogger(configuration.logLevel, standardOutput());
  const ring = new CustodyRing(configuration.keyRing);
  const copies = configuration.copy === null ? null : new Copies(configuration.copy);
  const database = await CustodyDatabase.open(configuration.databaseUrl, configuration.patience);
  const wallets = new SealedWallets(ring, copies);
  const rotation = new KeyRotation(database, wallets, ring, logger);
  const allowance = new Allowance();
  const rules = new RulesFile(configuration.rules, database, allowance, clock);
  const consents = new Consents(ring);
  const waysOut = new WaysOut(database, wallets, ring, clock);
  const calls = new ConsentCalls(database, wallets, allowance, consents, waysOut, clock);
  const { apiDatabaseUrl, patience } = configuration;
  const allowed = apiDatabaseUrl === null ? null : poolOf(apiDatabaseUrl, patience);
  const comparison = allowed && new Comparison(allowed, database, wallets, clock, logger);
  const acts = new Acts(database, wallets, allowance, calls, waysOut, comparison, clock);
  const { socket: api, operatorSocket: operator, consentSocket: consent } = configuration;
  const listeners = sides.flatMap((side) => {
    const path = { api, operator, consent }[side];
    return path === null
      ? []
      : [{ path, server: new CustodyServer(acts, logger, collectorOfCopies(), side) }];
  });
  try {
    await rotation.follow(configuration.keyRing);
    await rules.follow();
    const roles = await database.otherRoles();
    if (roles.length > 0) logger.warn({ roles }, 'other roles reach the table of sealed wallets');
    for (const { path, server } of listeners) await server.listen(path);
  } catch (error) {
    await database.close();
    throw error;
  }
  rotation.rewrapInBackground();
  const deletion = every(10, 'deletion', logger, () =>
    deleteOld(database, { wallets, consents }, clock, logger),
  );
  const comparing = comparison && every(1, 'comparison', logger, () => comparison.run());
  if (!comparison)
    logger.warn(
      {},
      'CUSTODY_API_DATABASE_URL is not set: signatures are not compared with what the API has allowed',
    );
  if (!copies)
    logger.warn({}, 'CUSTODY_COPY is not set: wallets made since the last backup are lost with the database');
  if (mayBeSwapped())
    logger.warn(
      {},
      'this machine swaps: keys in use may be written to its disk (MemorySwapMax=0 forbids it)',
    );
  logger.info({ activeKey: ring.active.id, rules: rules.digest }, 'custody listens');
  const reload = async (): Promise<void> => {
    try {
      await rules.follow();
      logger.info({ rules: rules.digest }, 'rules read');
    } catch (error) {
      logger.error({ reason: (error as Error).message }, 'rules not taken: the earlier ones stay');
    }
    try {
      await rotation.follow(readCustodyConfiguration(environment).keyRing);
      logger.info({ activeKey: ring.active.id }, 'key ring read');
      rotation.rewrapInBackground();
    } catch (error) {
      logger.error({ reason: (error as Error).message }, 'key ring refused: the earlier one stays');
    }
  };
  let reloading = Promise.resolve();
  return {
    logger,
    // One after another, so that what is read last is what stays.
    reload: () => (reloading = reloading.then(reload)),
    close: async () => {
      for (const { server } of listeners) await server.close();
      await deletion.stop();
      await comparing?.stop();
      await rotation.stop();
      await allowed?.end();
      await database.close();
      logger.info({}, 'stopped');
    },
  };
}

/** At once, and then again after as many minutes. What fails is logged, and done at the next time. */
function every(
  minutes: number,
  name: string,
  logger: Logger,
  work: () => Promise<void>,
): { stop(): Promise<void> } {
  let running = Promise.resolve();
  const run = (): void =>
    void (running = running
      .then(work)
      .catch((error: unknown) => logger.error({ err: error, job: name }, 'work in the background failed')));
  run();
  const timer = setInterval(run, minutes * 60_000);
  return {
    stop: () => {
      clearInterval(timer);
      return running;
    },
  };
}
