import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ChainStates } from '@countersign/chains';
import { SECOND } from '@countersign/clock';
import { loadConfiguration } from '@countersign/config';
import { AgreedClock, Database, MIGRATE_COMMAND, Notifications, Schema } from '@countersign/database';
import { Readiness } from '@countersign/jobs';
import { Heartbeat, RingStates, WrongKeyError } from '@countersign/keys';
import {
  createLogger,
  Logger,
  Metrics,
  METRICS_CONTENT_TYPE,
  NestLogger,
  SideTasks,
  standardOutput,
} from '@countersign/observability';
import { ChainFollowers, FollowerStates, TokenNameAsker } from '@countersign/wallet-history';
import { CliModule } from './cli.module';
import { UsageError } from './errors';

export interface RunningFollower {
  readonly port: number;
  close(): Promise<void>;
}

interface FollowerHealth {
  readonly isReady: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

/**
 * Follows chains until it is closed, in a process of its own: blocks are read beside no sign-in. Several processes share
 * the chains by leases.
 * @param version of the release, for the other processes
 * @throws UsageError where no chain is followed or the port is taken, ConfigurationError, WrongKeyError
 */
export async function follow(environment: NodeJS.ProcessEnv, version: string): Promise<RunningFollower> {
  const configuration = await loadConfiguration(environment);
  const logger = createLogger(configuration.logLevel, standardOutput());
  const app = await NestFactory.createApplicationContext(CliModule.of(configuration, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  let stopped = false;
  const isStopped = () => stopped;
  try {
    if (!app.get(FollowerStates).isOn)
      throw new UsageError('CHAINS_FILE names no chain that is followed (docs/operations.md#chains).');
    const clock = app.get(AgreedClock);
    app.get(Readiness).judgeBy(async () => (await healthOf(app)).isReady);
    const server = await listen(app, configuration.host, configuration.followerPort);
    const measuring = app.get(SideTasks).loop('clock', async () => {
      await clock.skewSeconds();
      return 5 * SECOND;
    });
    measuring.start(5 * SECOND);
    const starting = start(app, version, isStopped);
    starting.catch((error: unknown) => {
      logger.fatal({}, (error as Error).message);
      process.kill(process.pid, 'SIGTERM');
    });
    const { port } = server.address() as AddressInfo;
    const chains = app.get(ChainFollowers).all.map(({ chain }) => chain.id);
    logger.info({ chains, host: configuration.host, port }, 'following');
    return {
      port,
      close: async () => {
        stopped = true;
        await measuring.stop();
        server.close();
        server.closeAllConnections();
        await starting.catch(() => undefined);
        await app.close();
        logger.info({}, 'stopped');
      },
    };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Announces the process like a replica of the API, once database, schema and clock are ready. */
async function start(app: INestApplicationContext, version: string, isStopped: () => boolean): Promise<void> {
  const logger = app.get(Logger);
  let isWaiting = false;
  while (!(await isAnnounced(app, version))) {
    if (isStopped()) return;
    if (!isWaiting)
      logger.warn({}, `waiting for the database, its schema, or a right clock: ${MIGRATE_COMMAND}`);
    isWaiting = true;
    await sleep(SECOND);
  }
  if (isStopped()) return;
  await app.get(Notifications).start();
  app.get(ChainFollowers).start();
  app.get(TokenNameAsker).start();
}

/** @throws WrongKeyError, which ends the process: a database that is away comes back */
async function isAnnounced(app: INestApplicationContext, version: string): Promise<boolean> {
  try {
    if ((await app.get(Schema).missing()).length > 0) return false;
    if ((await app.get(AgreedClock).skewSeconds()) > 0) return false;
    await app.get(Heartbeat).start(version);
    return true;
  } catch (error) {
    if (error instanceof WrongKeyError) throw error;
    return false;
  }
}

async function healthOf(app: INestApplicationContext): Promise<FollowerHealth> {
  const problems: Readonly<Record<string, () => Promise<string | null>>> = {
    database: () =>
      app
        .get(Database)
        .ping()
        .then(() => null),
    schema: async () => ((await app.get(Schema).missing()).length > 0 ? `run ${MIGRATE_COMMAND}` : null),
    keys: () =>
      app
        .get(RingStates)
        .compare()
        .then(() => app.get(Heartbeat).problem),
    clock: async () =>
      (await app.get(AgreedClock).skewSeconds()) > 0 ? 'differs from the clock of the database' : null,
  };
  const checks = await Promise.all(
    Object.entries(problems).map(async ([name, find]) => {
      const problem = await find().catch(() => 'cannot be reached');
      return { name, ok: problem === null, detail: problem ?? 'ok' };
    }),
  );
  const history = await app
    .get(FollowerStates)
    .report()
    .catch(() => 'cannot be reached');
  const { degraded } = app.get(SideTasks);
  const failing = degraded.length === 0 ? null : `failing: ${degraded.join(', ')}`;
  const hints = {
    'side-tasks': failing,
    'wallet-history': history,
    chains: app.get(ChainStates).describeFaults(),
  };
  return {
    isReady: checks.every(({ ok }) => ok),
    checks: [
      ...checks,
      ...Object.entries(hints).map(([name, hint]) => ({ name, ok: true, detail: hint ?? 'ok' })),
    ],
  };
}

/** Health and metrics, and nothing else. */
async function listen(app: INestApplicationContext, host: string, port: number): Promise<Server> {
  const answers: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    '/health/live': (response) => Promise.resolve(send(response, 200, { status: 'ok', checks: [] })),
    '/health/ready': async (response) => {
      const { isReady, checks } = await healthOf(app);
      send(response, isReady ? 200 : 503, { status: isReady ? 'ok' : 'unavailable', checks });
    },
    '/metrics': async (response) => {
      response.writeHead(200, { 'content-type': METRICS_CONTENT_TYPE }).end(await app.get(Metrics).expose());
    },
  };
  const server = createServer((request, response) => {
    const answer = request.method === 'GET' ? answers[request.url ?? ''] : undefined;
    if (!answer) send(response, 404, { status: 'unknown' });
    else answer(response).catch(() => send(response, 500, { status: 'unavailable' }));
  });
  await new Promise<void>((resolve, reject) => {
    server
      .once('error', (error: NodeJS.ErrnoException) => {
        const isTaken = error.code === 'EADDRINUSE';
        reject(
          isTaken ? new UsageError(`Port ${port} is taken: stop what uses it, or set FOLLOWER_PORT.`) : error,
        );
      })
      .listen(port, host, resolve);
  });
  return server;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
