import type { INestApplicationContext } from '@nestjs/common';
import { PrincipalsService } from '@countersign/admin';
import { Configuration } from '@countersign/config';
import { AgreedClock, ConnectionLimits, Database, MIGRATE_COMMAND, Schema } from '@countersign/database';
import { KeyRotation, RingStates, WrongKeyError } from '@countersign/keys';
import { findRole } from './role.repository';
import { note, ok, wrong, type Finding } from './finding';

const PRIVILEGES = 'docs/operations.md#database-role-and-privileges';
const MAX_NAMES = 20;
const MIN_VERSION = 150_000;

/** The server, the role, the limits of its connections, and its clock. */
export async function* databaseFindings(app: INestApplicationContext): AsyncGenerator<Finding> {
  const role = await app.get(Database).read(findRole);
  yield ok('database', `reachable, PostgreSQL ${Math.floor(role.version / 10_000)}`);
  if (role.version < MIN_VERSION)
    yield wrong('database', 'PostgreSQL is older than 15', 'upgrade PostgreSQL');
  if (role.isStandby)
    yield wrong('database', 'it is a standby: nothing can be written', 'point DATABASE_URL to the primary');
  if (role.mayCreate !== true)
    yield wrong(
      'role',
      'it may not create tables, as daily partitions are',
      `let it own the database: ${PRIVILEGES}`,
    );
  yield role.isSuperuser
    ? note(
        'role',
        'it is a superuser: its password opens every database of the server',
        `make a role that owns this database alone: ${PRIVILEGES}`,
      )
    : ok('role', 'it is no superuser');
  const limits = await app.get(ConnectionLimits).lacking();
  if (limits !== null) yield note('database', 'its connections lack limits of the server', limits);
  const skew = await app.get(AgreedClock).skewSeconds();
  yield skew === 0
    ? ok('clock', 'agrees with the clock of the database')
    : wrong(
        'clock',
        `differs by ${skew} s from the clock of the database: sessions would end early or late`,
        'synchronize both clocks (NTP)',
      );
}

export async function* schemaFindings(app: INestApplicationContext): AsyncGenerator<Finding> {
  const missing = await app.get(Schema).missing();
  yield missing.length === 0
    ? ok('schema', 'has all migrations of this version')
    : wrong('schema', `lacks ${missing.length} migration(s)`, MIGRATE_COMMAND);
}

/** Principals that authenticate without the provider of the console: they stay when the person's account there is closed. */
export async function* principalFindings(app: INestApplicationContext): AsyncGenerator<Finding> {
  if (app.get(Configuration).consoleOidcIssuer === null) return;
  const names = await app.get(PrincipalsService).namesBesideProvider();
  yield names.length === 0
    ? ok('principals', 'all sign in at the provider of the console')
    : note(
        'principals',
        `${names.length} sign in with secrets or keys, not at the provider of the console: ${names.slice(0, MAX_NAMES).join(', ')}`,
        'disable those of people: countersign principal set <principalId> --status disabled',
      );
}

/** The key ring against the database, what a rotation still needs, and the replicas that have it. */
export async function* keyFindings(app: INestApplicationContext): AsyncGenerator<Finding> {
  try {
    await app.get(RingStates).compare();
  } catch (error) {
    if (!(error instanceof WrongKeyError)) throw error;
    yield wrong('keys', error.message, 'docs/operations.md#boot-failures');
    return;
  }
  yield ok('keys', 'the ring belongs to this database');
  const { keys, replicas, progress } = await app.get(KeyRotation).status();
  for (const { purpose, keyId, state } of keys) {
    if (state === 'known')
      yield note(
        'keys',
        `the ${purpose} key ${keyId} is added and not used yet`,
        `countersign keys rotate ${keyId}`,
      );
    if (state === 'retiring') {
      const left = progress
        .filter((work) => work.keyId !== keyId && !work.isComplete)
        .reduce((sum, { remaining }) => sum + remaining, 0);
      yield note(
        'keys',
        `the former ${purpose} key ${keyId} is not retired${left > 0 ? `; ${left} values wait for the active key` : ''}`,
        left > 0 ? 'countersign keys rewrap' : `countersign keys retire ${keyId}`,
      );
    }
  }
  if (replicas.length === 0) yield note('replicas', 'none was heard of in the last minute');
  else yield ok('replicas', `${replicas.length} run`);
  for (const { id, clockSkewSeconds } of replicas)
    if (clockSkewSeconds > 0)
      yield wrong(
        'clock',
        `of replica ${id} differs by ${clockSkewSeconds} s`,
        'synchronize its clock (NTP)',
      );
}
