import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { Client } from 'pg';
import 'reflect-metadata';
import { ApplicationsService, BotsService } from '@countersign/applications';
import { readConfiguration, type Configuration } from '@countersign/config';
import { migrate } from '@countersign/database';
import { compareRing, RingCheck } from '@countersign/keys';
import { createLogger, NestLogger } from '@countersign/observability';
import { startApi } from '../../../apps/api/src/bootstrap';
import { startConsentPage, type RunningConsentPage } from '../../../apps/consent/src/consent-page';
import { describeFailure } from '../../../apps/api/src/describe-failure';
import { featuresOf } from '../../../apps/api/src/features';
import { PlaygroundModule, type DeveloperKeys, type PlaygroundSettings } from '../../playground/src';
import { CustodyProcess } from './custody';
import type { ServiceLog } from './service-log';
import { CliModule } from '../../../apps/cli/src/cli.module';

/** The application as the launcher needs it. Loaded and called when the environment is complete. */
export interface Product {
  /** Brings the database's schema up to date, unless the key ring belongs to another database. */
  migrate(): Promise<void>;
  /** Makes the demo application with its bot, unless they are there. */
  ensureDemo(demo: { readonly botToken: string }): Promise<{ readonly applicationId: string }>;
  /** Starts the process for keys of embedded wallets, with these variables and no others. */
  startCustody(
    environment: Readonly<Record<string, string>>,
    isEnding: () => boolean,
    log: ServiceLog,
  ): {
    readonly socket: string;
    readonly consentSocket: string;
    close(): Promise<void>;
  };
  /** Serves the page of the consent bot on this machine, on any port. */
  startConsentPage(socket: string, log: ServiceLog): Promise<RunningConsentPage>;
  /**
   * Serves on `PORT` and `GATEWAY_PORT`. The launcher handles signals, since the database stops last.
   * @param playground what its page is made for, and the keys that sign in to the console; `null` for none
   */
  startApi(
    playground: { readonly settings: PlaygroundSettings; readonly keys: DeveloperKeys | null } | null,
    log: ServiceLog,
  ): Promise<{
    /** Drains and closes. */
    close(): Promise<void>;
  }>;
}

/** Its errors are sentences that say why the service does not start. */
export function loadProduct(): Product {
  return {
    migrate: () =>
      plainly(async () => {
        const { databaseDirectUrl, keyRing, use } = readConfiguration(process.env);
        const features = featuresOf(use).map(({ name }) => name);
        await migrate(databaseDirectUrl, {
          use: features,
          check: (manager) => compareRing(manager, keyRing),
        });
      }),
    ensureDemo: ({ botToken }) =>
      plainly(() => ensureDemoApplication(readConfiguration(process.env), botToken)),
    startCustody: (environment, isEnding, log) =>
      new CustodyProcess(join(__dirname, '../../../../bin/countersign-custody'), environment, isEnding, log),
    startConsentPage: (socket, log) =>
      startConsentPage({ socket, host: '127.0.0.1', port: 0, logger: createLogger('info', log) }),
    startApi: (playground, log) => {
      const additions = playground ? [PlaygroundModule.of(playground.settings, playground.keys)] : [];
      return plainly(() => startApi(process.env, additions, log));
    },
  };
}

async function plainly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(describeFailure(error), { cause: error });
  }
}

/** The application that the demo bot belongs to; made with the bot on the first call. */
async function ensureDemoApplication(
  configuration: Configuration,
  botToken: string,
): Promise<{ readonly applicationId: string }> {
  const known = await findByBot(configuration.databaseUrl, botToken.split(':', 1)[0] ?? '');
  return known === null ? createDemo(configuration, botToken) : { applicationId: known };
}

/** By SQL, so that a start with an existing demo needs no second set of modules. */
async function findByBot(databaseUrl: string, botId: string): Promise<string | null> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ application_id: string }>(
      `SELECT application_id FROM bots WHERE provider = 'telegram' AND environment = 'production' AND bot_id = $1`,
      [botId],
    );
    return rows[0]?.application_id ?? null;
  } finally {
    await client.end();
  }
}

async function createDemo(configuration: Configuration, token: string): Promise<{ applicationId: string }> {
  const logger = createLogger('silent');
  const app = await NestFactory.createApplicationContext(await CliModule.of(configuration, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  try {
    await app.get(RingCheck).verify();
    const { applicationId } = await app
      .get(ApplicationsService)
      .create({ name: 'Demo', trust: 'first-party', origins: [] });
    await app.get(BotsService).add({
      applicationId,
      provider: 'telegram',
      environment: 'production',
      username: 'countersign_demo_bot',
      signaturePolicy: 'required',
      token,
    });
    return { applicationId };
  } finally {
    await app.close();
  }
}
