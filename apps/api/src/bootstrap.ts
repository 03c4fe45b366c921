import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import {
  type Configuration,
  ConfigurationError,
  createLogger,
  type Logger,
  NestLogger,
  readConfiguration,
  readKeyRing,
  SECOND,
  SideTasks,
  standardOutput,
} from '@countersign/runtime';
import { AgreedClock } from '@countersign/database';
import { GatewayEndpoint } from '@countersign/gateway';
import { RingCheck, WrongKeyError } from '@countersign/keys';
import { AppModule } from './app.module';
import { createAdapter } from './http/server/adapter';
import { configureApp } from './http/configure-app';
import { drain } from './http/server/draining';
import { listenForGateway, listenForOperators } from './http/server/listeners';

/** Readiness measures the clock too, if an orchestrator asks for it. */
const CLOCK_EVERY_MS = 5 * SECOND;
const DEFAULT_ADMIN_PORT = 3002;

export interface RunningApi {
  readonly logger: Logger;
  /** Reads the key ring again. If the ring cannot be used, the present one stays and the log says why. */
  reloadKeys(): Promise<void>;
  close(): Promise<void>;
}

/** @param additions modules of a launcher for development; production refuses them */
export async function startApi(
  environment: NodeJS.ProcessEnv = process.env,
  additions: readonly DynamicModule[] = [],
  output: ReturnType<typeof standardOutput> = standardOutput(),
): Promise<RunningApi> {
  const configuration = readConfiguration(environment);
  const logger = createLogger(configuration.logLevel, output);
  const app = await NestFactory.create<NestFastifyApplication>(
    await AppModule.of(configuration, logger, additions),
    createAdapter(configuration),
    { logger: new NestLogger(logger), bodyParser: false, abortOnError: false },
  );
  if (configuration.nodeEnv === 'production' && configuration.publicUrl === null)
    logger.warn(
      { issuer: configuration.issuer },
      'PUBLIC_URL is not set: services will look for the issuer there',
    );
  await configureApp(app);
  await app.listen(configuration.port, configuration.host);
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  const gateway = await listenForGateway(fastify, app.get(GatewayEndpoint), {
    host: configuration.gatewayHost ?? configuration.host,
    port: configuration.gatewayPort,
  });
  const admin = await serveOperators(fastify, configuration, logger);
  const { host, port, gatewayPort, adminHost } = configuration;
  const adminPort = admin && (admin.address() as AddressInfo).port;
  logger.info({ host, port, gatewayPort, adminHost, adminPort }, 'listening');
  const clock = app.get(AgreedClock);
  // The last measurement holds while the database is unavailable.
  const measuring = app.get(SideTasks).loop('clock', async () => {
    await clock.skewSeconds();
    return CLOCK_EVERY_MS;
  });
  measuring.start(CLOCK_EVERY_MS);
  return {
    logger,
    reloadKeys: async () => {
      try {
        await app.get(RingCheck).verify(readKeyRing(environment));
        logger.info({}, 'the key ring is read again');
      } catch (error) {
        const isSentence = error instanceof WrongKeyError || error instanceof ConfigurationError;
        const reason = isSentence ? error.message : undefined;
        logger.error({ err: error, reason }, 'the key ring is not read again: the present one stays');
      }
    },
    close: async () => {
      // The application writes the last session slides when it closes, so requests end first.
      const servers = [gateway, ...(admin ? [admin] : []), fastify.server];
      await Promise.all([measuring.stop(), ...servers.map((server) => drain(server))]);
      await app.close();
      logger.info({}, 'stopped');
    },
  };
}

/** The default port may belong to another replica on this machine, which then serves operators. */
async function serveOperators(
  fastify: FastifyInstance,
  { adminHost: host, adminPort }: Configuration,
  logger: Logger,
): Promise<Server | null> {
  try {
    return await listenForOperators(fastify, { host, port: adminPort ?? DEFAULT_ADMIN_PORT });
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (!isTaken || adminPort !== null) throw error;
    logger.warn(
      { adminPort: DEFAULT_ADMIN_PORT },
      'the administration API is not served here: its default port is taken, so set ADMIN_PORT to serve it',
    );
    return null;
  }
}
