import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { KeyPurpose } from '@countersign/crypto';
import { columnsOf, hasTable, rows } from '@countersign/database';
import { KeyCheck } from './key-check.entity';

export type KeyCheckRow = Readonly<KeyCheck>;

const KEY_CHECK = columnsOf(KeyCheck);

export const KEYS_CHANNEL = 'countersign_keys_changed';

@Injectable()
export class KeyChecksRepository {
  exist(manager: EntityManager): Promise<boolean> {
    return hasTable(manager, 'key_checks');
  }

  /** Keeps other processes from adding or retiring a key until the transaction ends. */
  async lock(tx: EntityManager): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('countersign/keys'))`);
  }

  async findAll(manager: EntityManager): Promise<readonly KeyCheckRow[]> {
    return rows<KeyCheckRow>(manager, `SELECT ${KEY_CHECK.selected} FROM key_checks ORDER BY retired_at`);
  }

  /** The commit notifies all replicas. */
  async insert(tx: EntityManager, added: readonly KeyCheckRow[]): Promise<void> {
    await tx.query(
      `INSERT INTO key_checks (${KEY_CHECK.names}) ${KEY_CHECK.unnest()}`,
      KEY_CHECK.arraysOf(added),
    );
    await this.announce(tx);
  }

  /** Retires all keys of the purpose except one. The commit notifies all replicas. */
  async retireOthers(tx: EntityManager, purpose: KeyPurpose, keyId: string, now: Date): Promise<void> {
    await tx.query(
      `UPDATE key_checks SET retired_at = $3 WHERE purpose = $1 AND key_id <> $2 AND retired_at IS NULL`,
      [purpose, keyId, now],
    );
    await this.announce(tx);
  }

  private async announce(tx: EntityManager): Promise<void> {
    await tx.query(`SELECT pg_notify('${KEYS_CHANNEL}', '')`);
  }
}
