import type { Server } from 'node:http';
import { Writable } from 'node:stream';
import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Bot } from '@countersign/applications';
import { TelegramKeys } from '@countersign/auth';
import {
  Clock,
  Configuration,
  createLogger,
  Logger,
  NestLogger,
  readConfiguration,
} from '@countersign/runtime';
import { ClockSkew, DatabaseClock } from '@countersign/database';
import type { FakeTelegram } from '@countersign/fake-telegram';
import { GatewayEndpoint } from '@countersign/gateway';
import { AppModule } from '../../apps/api/src/app.module';
import { createAdapter } from '../../apps/api/src/http/server/adapter';
import { configureApp } from '../../apps/api/src/http/configure-app';
import { FakeClockSkew, type FakeDatabaseClock } from './fake-clock';
import { listenForGateway, listenForOperators } from '../../apps/api/src/http/server/listeners';

export interface ProductOptions {
  readonly variables: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly databaseClock: FakeDatabaseClock;
  readonly telegram: FakeTelegram;
  /** Gets the lines of the log. */
  readonly logLines: string[];
  /** Beside those of the product. */
  readonly modules: readonly (Type | DynamicModule)[];
}

export interface NestOptions extends ProductOptions {
  /** Before the application listens. */
  readonly prepare: (nest: NestFastifyApplication) => void;
}

/** The product with the clocks and Telegram's signing key replaced. */
async function compile(options: ProductOptions): Promise<TestingModule> {
  const { clock, databaseClock, telegram } = options;
  const configuration = readConfiguration(options.variables);
  const logger = createLogger(configuration.logLevel, collectInto(options.logLines));
  return Test.createTestingModule({
    imports: [await AppModule.of(configuration, logger, options.modules)],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .overrideProvider(DatabaseClock)
    .useValue(databaseClock)
    .overrideProvider(ClockSkew)
    .useValue(new FakeClockSkew(databaseClock))
    .overrideProvider(TelegramKeys)
    .useValue({
      publicKeyFor: ({ environment }: Pick<Bot, 'environment'>) => telegram.publicKeys[environment],
    })
    .compile();
}

/** The product, and its listeners for the API gateway and for operators. */
export async function startNest(
  options: NestOptions,
): Promise<{ nest: NestFastifyApplication; gateway: Server; admin: Server }> {
  const module = await compile(options);
  const adapter = createAdapter(module.get(Configuration));
  const nest = module.createNestApplication<NestFastifyApplication>(adapter, {
    logger: new NestLogger(module.get(Logger)),
    bodyParser: false,
  });
  options.prepare(nest);
  const servers = await listenOnAll(nest).catch(async (error: unknown) => {
    await nest.close().catch(() => undefined);
    throw error;
  });
  return { nest, ...servers };
}

/** The product without routes and listeners: it is ready when it resolves. */
export async function startWithoutHttp(options: ProductOptions): Promise<INestApplicationContext> {
  const module = await compile(options);
  module.useLogger(new NestLogger(module.get(Logger)));
  try {
    return await module.init();
  } catch (error) {
    await module.close().catch(() => undefined);
    throw error;
  }
}

async function listenOnAll(nest: NestFastifyApplication): Promise<{ gateway: Server; admin: Server }> {
  await configureApp(nest);
  await nest.listen(0, '127.0.0.1');
  const fastify: FastifyInstance = nest.getHttpAdapter().getInstance();
  const anywhere = { host: '127.0.0.1', port: 0 };
  const gateway = await listenForGateway(fastify, nest.get(GatewayEndpoint), anywhere);
  return { gateway, admin: await listenForOperators(fastify, anywhere) };
}

function collectInto(lines: string[]): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
}
