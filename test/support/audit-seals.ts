import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { KeyRing, open, seal, type Sealed } from '@countersign/crypto';
import { AuditSealer, AuditService, AuditVerifier, type AuditVerdict } from '@countersign/audit';
import { Database, OLDEST_OPEN } from '@countersign/database';
import type { TestApp } from './test-app';
import type { TestWorker } from './test-worker';
import { until } from './until';

const TABLES = [
  'audit_records',
  'audit_blocks',
  'audit_block_leaves',
  'audit_days',
  'audit_keys',
  'audit_adoption',
] as const;

/** What is wrong, as `code block`. */
export function problemsOf({ problems }: Pick<AuditVerdict, 'problems'>): readonly string[] {
  return problems.map(({ code, block }) => (block === null ? code : `${code} ${block}`));
}

/** Writes a record to the audit trail. */
export async function writeRecord({ nest }: Pick<TestWorker, 'nest'>, subject?: string): Promise<void> {
  const audit = nest.get(AuditService);
  await audit.prepare();
  await nest.get(Database).transaction((tx) =>
    audit.record(tx, 'job.run_requested', {
      actor: 'system',
      ...(subject === undefined ? {} : { subject }),
    }),
  );
}

/** Seals everything that is committed. Transactions of other tests on the same server delay it. */
export async function sealAll(app: Pick<TestWorker, 'database' | 'nest'>): Promise<readonly number[]> {
  const [now] = await app.database.query<{ xid: string }>('SELECT pg_current_xact_id()::text AS xid');
  await until(async () => {
    const [open] = await app.database.query<{ isOver: boolean }>(
      `SELECT ${OLDEST_OPEN} > $1::bigint AS "isOver"`,
      [now?.xid],
    );
    return open?.isOver === true;
  });
  return app.nest.get(AuditSealer).run();
}

export function verifyNow(app: Pick<TestWorker, 'nest'>): Promise<AuditVerdict> {
  return app.nest.get(AuditVerifier).verify();
}

/** Lets a test change the trail through a connection of its own, and puts it back. */
export class Tampering {
  constructor(private readonly app: TestApp) {}

  async keep(): Promise<void> {
    for (const table of TABLES) await this.run(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
  }

  async putBack(): Promise<void> {
    for (const table of TABLES) {
      await this.run(`DELETE FROM ${table}`);
      await this.run(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
      await this.run(`DROP TABLE kept_${table}`);
    }
  }

  /** As the superuser, who has everything but the key ring. */
  async run(statement: string, parameters: readonly unknown[] = []): Promise<void> {
    await this.app.database.query(statement, parameters);
  }

  /** The ids of the records of a block, in its order. */
  async idsOf(block: number): Promise<readonly string[]> {
    const [found] = await this.app.database.query<{ leaves: Buffer }>(
      'SELECT leaves FROM audit_block_leaves WHERE block = $1',
      [block],
    );
    const leaves = found?.leaves ?? Buffer.alloc(0);
    return Array.from({ length: leaves.length / 48 }, (_, index) =>
      leaves
        .toString('hex', index * 48, index * 48 + 16)
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    );
  }
}

/** Leaves what the previous version had: a signing key without an origin. */
export async function forgetOrigin({ database, keys }: Pick<TestWorker, 'database' | 'keys'>): Promise<void> {
  const ring = KeyRing.parse(keys);
  const [stored] = await database.query<{ id: string; sealed: Sealed }>(
    'SELECT id, private_key AS sealed FROM audit_keys',
  );
  if (!stored) throw new Error('no signing key');
  const place = { table: 'audit_keys', column: 'private_key', row: stored.id };
  const text = open((keyId) => ring.find('sealing', keyId), place, stored.sealed);
  const pem = text.slice(text.indexOf('-----BEGIN'));
  await database.query('UPDATE audit_keys SET private_key = $1', [seal(ring.active('sealing'), place, pem)]);
}

/** A key pair that the service does not know. */
export function anAttackersKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey;
}
