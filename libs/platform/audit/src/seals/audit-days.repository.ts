import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import { AuditDayEntity, AuditRetentionEntity } from './audit-sealing.entities';

// As text, since the eight digits of a name may be no date.
const DAYS = `
  SELECT regexp_replace(right(child.relname, 8), '^(....)(..)', '\\1-\\2-') AS day,
    COALESCE(state.sealed_below, 0)::text AS "sealedBelow",
    state.closing_below::text AS "closingBelow", COALESCE(state.is_closed, false) AS "isClosed"
  FROM pg_inherits
  JOIN pg_class child ON child.oid = pg_inherits.inhrelid
  LEFT JOIN audit_days state ON to_char(state.day, 'YYYYMMDD') = right(child.relname, 8)
  WHERE pg_inherits.inhparent = to_regclass('audit_records') AND child.relname ~ '^audit_records_[0-9]{8}$'
  ORDER BY 1`;

/** How far the days of the audit trail are sealed, and how long they are kept. */
@Injectable()
export class AuditDaysRepository {
  /** The days that have a partition, and how far each of them is sealed. */
  async list(manager: EntityManager): Promise<readonly AuditDayEntity[]> {
    return (await rows<AuditDayEntity>(manager, DAYS)).filter(({ day }) => isDay(day));
  }

  async save(tx: EntityManager, { day, sealedBelow, closingBelow, isClosed }: AuditDayEntity): Promise<void> {
    await tx.upsert(AuditDayEntity, { day, sealedBelow, closingBelow, isClosed }, ['day']);
  }

  async reopen(tx: EntityManager, day: string): Promise<void> {
    await this.save(tx, { day, sealedBelow: '0', closingBelow: null, isClosed: false });
  }

  /** Deletes the seal state of days whose records were dropped. Their blocks stay. */
  async forgetBefore(tx: EntityManager, day: string): Promise<void> {
    await tx.query('DELETE FROM audit_block_leaves WHERE day < $1::date', [day]);
    await tx.query('DELETE FROM audit_days WHERE day < $1::date', [day]);
  }

  async retention(manager: EntityManager): Promise<number | null> {
    const found = await manager.findOneBy(AuditRetentionEntity, { id: 1 });
    return found?.days ?? null;
  }

  async saveRetention(tx: EntityManager, days: number): Promise<void> {
    await tx.upsert(AuditRetentionEntity, { id: 1, days }, ['id']);
  }
}

function isDay(text: string): boolean {
  const start = new Date(`${text}T00:00:00.000Z`);
  return !Number.isNaN(start.getTime()) && start.toISOString().startsWith(text);
}
