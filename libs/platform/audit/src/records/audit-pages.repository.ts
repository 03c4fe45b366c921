import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import { RECORD, type StoredRecord } from './audit.repository';

/** Which records are wanted. All conditions hold. */
export interface AuditFilter {
  readonly action: string | null;
  readonly actor: string | null;
  readonly subject: string | null;
  /** Actors or subjects: of a person. */
  readonly names: readonly string[] | null;
  readonly applicationId: string | null;
}

/** A position in the trail, which is ordered by instant and id. */
export interface AuditPosition {
  readonly occurredAt: Date;
  readonly id: string;
}

/** Below all ids. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** From the fifth parameter on. */
const WANTED = `
  ($5::text IS NULL OR action = $5) AND ($6::text IS NULL OR actor = $6) AND ($7::text IS NULL OR subject = $7)
  AND ($8::text[] IS NULL OR actor = ANY($8) OR subject = ANY($8)) AND ($9::uuid IS NULL OR application_id = $9)`;

// The conditions on the instant alone choose the partitions: PostgreSQL does not by a row comparison.
const NEWEST = `
  SELECT ${RECORD.selected} FROM audit_records
  WHERE occurred_at >= $1 AND occurred_at <= $2 AND (occurred_at, id) < ($2, $3::uuid) AND ${WANTED}
  ORDER BY occurred_at DESC, id DESC LIMIT $4`;

const EXAMINED = `
  SELECT count(*)::int AS count, min(occurred_at) AS floor FROM (
    SELECT occurred_at FROM audit_records
    WHERE occurred_at >= $1 AND occurred_at <= $2 AND (occurred_at, id) < ($2, $3::uuid)
    ORDER BY occurred_at DESC, id DESC LIMIT $4) AS examined`;

/** Reads the trail in its order, a bounded part at a time. */
@Injectable()
export class AuditPages {
  /** The newest wanted records before a position, from an instant on. */
  async newest(
    manager: EntityManager,
    from: Date,
    { occurredAt, id }: AuditPosition,
    limit: number,
    { action, actor, subject, names, applicationId }: AuditFilter,
  ): Promise<readonly StoredRecord[]> {
    return rows(manager, NEWEST, [from, occurredAt, id, limit, action, actor, subject, names, applicationId]);
  }

  /** How many records there are before a position, and how far back they reach: at most `limit` are looked at. */
  async examine(
    manager: EntityManager,
    from: Date,
    { occurredAt, id }: AuditPosition,
    limit: number,
  ): Promise<{ readonly count: number; readonly floor: Date | null }> {
    const found = await firstRow<{ count: number; floor: Date | null }>(manager, EXAMINED, [
      from,
      occurredAt,
      id,
      limit,
    ]);
    return found ?? { count: 0, floor: null };
  }
}
