import './lib/node-version.mjs';
import { existsSync } from 'node:fs';
import { ensureInstalled } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { main, Sentence } from './lib/main.mjs';
import { requirePrograms } from './lib/programs.mjs';

/**
 * All that `npm test` runs. The integration tests that send statements of their own run behind a pgbouncer in transaction
 * mode, on the oldest PostgreSQL that is supported, as Debian 12 has it.
 */

const POSTGRES = '/usr/lib/postgresql/15';

await main(async () => {
  requirePrograms('The pooled tests', ['pgbouncer']);
  const programs = process.env.TEST_POOLED_POSTGRES || POSTGRES;
  if (!existsSync(`${programs}/bin/postgres`))
    throw new Sentence(
      `The pooled tests need PostgreSQL in ${programs}: run "apt-get install -y postgresql-15", or name another one in TEST_POOLED_POSTGRES.`,
    );
  await ensureInstalled();
  const env = { ...process.env, TEST_POOLED_POSTGRES: programs };
  return runJest(process.argv.slice(2), ['unit', 'integration'], { env });
});
