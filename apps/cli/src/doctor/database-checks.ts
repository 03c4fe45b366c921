import type { INestApplicationContext } from '@nestjs/common';
import { AgreedClock, Database, MIGRATE_COMMAND, Schema } from '@countersign/database';
import { RingCheck, WrongKeyError } from '@countersign/keys';
import { findRole } from './role.repository';
import { note, ok, wrong, type Finding } from './finding';

const PRIVILEGES = 'docs/reference.md#database-role-and-privileges';
const MIN_VERSION = 150_000;

/** The server, the role, and its clock. */
export async function databaseFindings(app: INestApplicationContext): Promise<readonly Finding[]> {
  const role = await app.get(Database).read(findRole);
  const findings = [ok('database', `reachable, PostgreSQL ${Math.floor(role.version / 10_000)}`)];
  if (role.version < MIN_VERSION)
    findings.push(wrong('database', 'PostgreSQL is older than 15', 'upgrade PostgreSQL'));
  if (role.isStandby)
    findings.push(
      wrong('database', 'it is a standby: nothing can be written', 'point DATABASE_URL to the primary'),
    );
  if (role.mayCreate !== true)
    findings.push(
      wrong(
        'role',
        'it may not create tables, as daily partitions are',
        `let it own the database: ${PRIVILEGES}`,
      ),
    );
  if (role.isSuperuser)
    findings.push(
      note(
        'role',
        'it is a superuser: its password opens every database of the server',
        `make a role that owns this database alone: ${PRIVILEGES}`,
      ),
    );
  const skewSeconds = await app.get(AgreedClock).skewSeconds();
  if (skewSeconds === 0) findings.push(ok('clock', 'agrees with the clock of the database'));
  else
    findings.push(
      wrong(
        'clock',
        `it differs by ${skewSeconds} s from that of the database: sessions would end early or late`,
        'synchronize both clocks (NTP)',
      ),
    );
  return findings;
}

export async function schemaFindings(app: INestApplicationContext): Promise<readonly Finding[]> {
  const missing = await app.get(Schema).missing();
  const unused = await app.get(Schema).unused();
  if (unused.length > 0)
    return [
      wrong(
        'schema',
        `has tables of features that COUNTERSIGN_USE does not name: ${unused.join(', ')}`,
        'docs/login-alone.md#take-a-feature-away',
      ),
    ];
  return missing.length === 0
    ? [ok('schema', 'has all migrations of this version')]
    : [wrong('schema', `lacks ${missing.length} migration(s)`, MIGRATE_COMMAND)];
}

/** The key ring. */
export async function keyFindings(app: INestApplicationContext): Promise<readonly Finding[]> {
  try {
    await app.get(RingCheck).compare();
  } catch (error) {
    if (!(error instanceof WrongKeyError)) throw error;
    return [wrong('keys', error.message, 'docs/operations.md#boot-failures')];
  }
  return [ok('keys', 'the ring belongs to this database')];
}
