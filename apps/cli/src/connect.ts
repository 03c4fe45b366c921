import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { actingAs } from '@countersign/audit';
import { readConfiguration } from '@countersign/config';
import { AgreedClock, MIGRATE_COMMAND, Schema } from '@countersign/database';
import { RingCheck } from '@countersign/keys';
import { createLogger, NestLogger } from '@countersign/observability';
import { callerOf } from './caller';
import { CliModule } from './cli.module';
import type { Call } from './call';
import type { Answer, Connected } from './declaration';
import { CommandError } from './errors';
import { exitCodes } from './exit-codes';
import * as business from './lazy/business';

/**
 * Runs a command with the business modules, on a database with this version's schema, in the name of the person who calls.
 */
export async function runConnected(execute: Connected<Answer>, call: Call): Promise<Answer> {
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
    // With a wrong clock, commands that change anything are refused.
    const isClockWrong = (await app.get(AgreedClock).skewSeconds()) > 0;
    const ring = app.get(RingCheck);
    // Replicas that lack a new first key stop when it is recorded: `keys rewrap` alone does it.
    if (!isClockWrong && (await ring.isFirst())) await ring.verify();
    else await ring.compare();
    return await actingAs(actor, () => execute(call, app, business));
  } finally {
    if (!terminal.openApplication) await app.close();
  }
}

/** The business modules, for the commands of one environment. */
export async function openApplication(environment: NodeJS.ProcessEnv): Promise<INestApplicationContext> {
  const configuration = readConfiguration(environment);
  const logger = createLogger('silent');
  return NestFactory.createApplicationContext(await CliModule.of(configuration, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
}
