import * as business from './lazy/business';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { actingAs } from '@countersign/audit';
import { createLogger, NestLogger, readConfiguration } from '@countersign/runtime';
import { AgreedClock, MIGRATE_COMMAND, Schema } from '@countersign/database';
import { RingCheck } from '@countersign/keys';
import { CliModule } from './cli.module';
import type { Call } from './call';
import type { Answer, Connected } from './declaration';
import { CommandError, UsageError, exitCodes } from './errors';
import { userInfo } from 'node:os';

const NAME = /^[A-Za-z0-9._@-]{1,64}$/;
const MAX_LENGTH = 64;

/** The name in the audit trail: `--as`, or the system user. */
export function callerOf(call: Call, environment: NodeJS.ProcessEnv): string {
  const given = call.optional('as');
  if (given === undefined) return systemUser(environment);
  if (NAME.test(given)) return given;
  throw new UsageError('--as must be a name of 1 to 64 letters, digits and . _ @ -.');
}

function systemUser({ USER }: NodeJS.ProcessEnv): string {
  let name = USER;
  try {
    name = userInfo().username;
  } catch {
    // The user id has no entry in the system.
  }
  return (name ?? '').replaceAll(/[^A-Za-z0-9._@-]/g, '-').slice(0, MAX_LENGTH) || 'unknown';
}

/** Runs a command with the business modules, after checks of schema, clock and key ring. */
export async function runConnected(execute: Connected, call: Call): Promise<Answer> {
  const { terminal } = call;
  const actor = `operator:${callerOf(call, terminal.environment)}`;
  const app = await (terminal.openApplication ?? openApplication)(terminal.environment);
  try {
    await app.get(Schema).refuseUnusedTables();
    const missing = await app.get(Schema).missing();
    if (missing.length > 0)
      throw new CommandError(
        `The database schema is behind: run \`${MIGRATE_COMMAND}\`.`,
        exitCodes.unavailable,
      );
    // A wrong clock makes every command that changes something fail.
    const isClockWrong = (await app.get(AgreedClock).skewSeconds()) > 0;
    const ring = app.get(RingCheck);
    // If a new first key is recorded, replicas that lack it stop. Only `keys rewrap` records it.
    if (!isClockWrong && (await ring.isFirst())) await ring.verify();
    else await ring.compare();
    return await actingAs(actor, () => execute(call, app, business));
  } finally {
    if (!terminal.openApplication) await app.close();
  }
}

export async function openApplication(environment: NodeJS.ProcessEnv): Promise<INestApplicationContext> {
  const configuration = readConfiguration(environment);
  const logger = createLogger('silent');
  return NestFactory.createApplicationContext(await CliModule.of(configuration, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
}
