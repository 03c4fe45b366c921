import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Client } from 'pg';
import { ApplicationsService, BotsService } from '@countersign/applications';
import type { Configuration } from '@countersign/config';
import { RingCheck } from '@countersign/keys';
import { createLogger, NestLogger } from '@countersign/observability';
import { CliModule } from '../../../apps/cli/src/cli.module';

/** The application that the demo bot belongs to; made with the bot on the first call. */
export async function ensureDemoApplication(
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
