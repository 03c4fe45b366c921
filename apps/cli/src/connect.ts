import { NestFactory } from '@nestjs/core';
import { readConfiguration } from '@countersign/config';
import { KeyChecks, MIGRATE_COMMAND, Schema } from '@countersign/database';
import { createLogger, NestLogger } from '@countersign/observability';
import { CliModule } from './cli.module';
import type { Answer, Call, Connected, Terminal } from './command';
import { SchemaBehindError } from './schema-behind';

/** Runs a command with the business modules, on a database with this version's schema. */
export async function runConnected(execute: Connected, call: Call, terminal: Terminal): Promise<Answer> {
  const configuration = readConfiguration(terminal.environment);
  const logger = createLogger('silent');
  const app = await NestFactory.createApplicationContext(CliModule.of(configuration, logger), {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  try {
    const missing = await app.get(Schema).missing();
    if (missing.length > 0)
      throw new SchemaBehindError(`The database schema is behind: run \`${MIGRATE_COMMAND}\`.`);
    await app.get(KeyChecks).verify();
    return await execute(call, app, terminal);
  } finally {
    await app.close();
  }
}
