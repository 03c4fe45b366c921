import './lib/node-version.mjs';
import { existsSync, readFileSync } from 'node:fs';
import { inClone } from './lib/clone.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { main, Sentence } from './lib/main.mjs';
import { requirePrograms } from './lib/programs.mjs';

/**
 * The integration tests that send statements of their own, behind a pgbouncer in transaction mode and on the oldest
 * PostgreSQL that is supported, as Debian 12 has it. Which files these are is a list that `npm test` checks.
 */

const FOLDER = 'test/integration';
const POSTGRES = '/usr/lib/postgresql/15';

await main(async () => {
  requirePrograms('The pooled tests', ['pgbouncer']);
  const programs = process.env.TEST_POSTGRES_PROGRAMS || POSTGRES;
  if (!existsSync(`${programs}/bin/postgres`))
    throw new Sentence(
      `The pooled tests need PostgreSQL in ${programs}: run "apt-get install -y postgresql-15", or name another one in TEST_POSTGRES_PROGRAMS.`,
    );
  await ensureInstalled();
  const env = { ...process.env, TEST_POOLER: 'pgbouncer', TEST_POSTGRES_PROGRAMS: programs };
  const args = process.argv.slice(2);
  return runJest(args.length > 0 ? args : ['--runTestsByPath', ...pooledFiles()], ['integration'], { env });
});

function pooledFiles() {
  const files = JSON.parse(readFileSync(inClone(FOLDER, 'pooled-files.json'), 'utf8'));
  return files.map((file) => inClone(FOLDER, file));
}
