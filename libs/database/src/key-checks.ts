import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { equalsConstantTime, KeyRing, keyCheckValue, type KeyPurpose } from '@countersign/crypto';
import { columns } from './columns';
import { Database } from './database';
import type { KeyCheck } from './key-check.entity';
import { rows } from './sql';

const PURPOSES: readonly KeyPurpose[] = ['sealing', 'index', 'token'];

/** The key ring does not belong to this database. */
export class WrongKeyError extends Error {
  override readonly name = 'WrongKeyError';
}

/** A row of `key_checks`. */
type KeyCheckRow = Omit<KeyCheck, 'purpose'> & { readonly purpose: KeyPurpose };

const KEY_CHECK = columns<KeyCheckRow>({
  purpose: 'text',
  keyId: 'text',
  value: 'text',
  createdAt: 'timestamptz',
});

/**
 * Compares the key ring with the keys that this database was used with, and records those that are active
 * now. A missing key would leave rows unreadable or create second users, so it stops the boot like a wrong
 * one. A key that was never active is not recorded: nothing was sealed or tagged under it, and every digest
 * under it exists under an active key too. So an extra key in the ring of one replica does not stop the
 * others.
 */
@Injectable()
export class KeyChecks {
  constructor(
    private readonly database: Database,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** Whether the table is there: it is not before the first migration. */
  async canVerify(): Promise<boolean> {
    const found = await this.database.read((manager) =>
      rows<{ table: string | null }>(manager, `SELECT to_regclass('key_checks')::text AS table`),
    );
    return Boolean(found[0]?.table);
  }

  /** @throws WrongKeyError naming the key's id and purpose, never its value. */
  async verify(): Promise<void> {
    await this.database.transaction(async (tx) => {
      const keys = PURPOSES.map((purpose) => this.keyRing.active(purpose));
      const createdAt = this.clock.now();
      const checks = keys.map((key) => ({
        purpose: key.purpose,
        keyId: key.id,
        value: keyCheckValue(key),
        createdAt,
      }));
      await tx.query(
        `INSERT INTO key_checks (${KEY_CHECK.names}) ${KEY_CHECK.unnest()} ON CONFLICT DO NOTHING`,
        KEY_CHECK.arraysOf(checks),
      );
      for (const known of await rows<KeyCheckRow>(tx, `SELECT ${KEY_CHECK.selected} FROM key_checks`)) {
        const key = this.keyRing.find(known.purpose, known.keyId);
        if (!key)
          throw new WrongKeyError(
            `The key ring lacks the ${known.purpose} key ${known.keyId}, which this database was used with: start with the key ring that belongs to this database.`,
          );
        if (!equalsConstantTime(keyCheckValue(key), known.value))
          throw new WrongKeyError(
            `The ${known.purpose} key ${known.keyId} is not the one that this database was used with: start with the key ring that belongs to this database.`,
          );
      }
    });
  }
}
