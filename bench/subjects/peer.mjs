import { POOL_SIZE } from '../machine/postgres.mjs';
import { startProgram } from './program.mjs';

/**
 * A program of `bench/peers`, with a database of its own if it wants one.
 *
 * @param {string} file
 * @param {object} options
 * @param {import('../machine/postgres.mjs').Postgres} options.postgres
 * @param {string} [options.database]
 * @param {Record<string, string>} [options.env]
 * @param {number[] | undefined} options.cores
 */
export async function startPeer(file, { postgres, database, env = {}, cores }) {
  const place = database
    ? {
        DATABASE_URL: postgres.urlOf(database),
        POOL_SIZE: String(POOL_SIZE),
        APPLICATION_NAME: database,
      }
    : {};
  if (database) await postgres.createDatabase(database);
  return {
    ...(await startProgram(new URL(`../peers/${file}`, import.meta.url), { ...place, ...env }, cores)),
    ...(database ? { database, applicationName: database } : {}),
  };
}
