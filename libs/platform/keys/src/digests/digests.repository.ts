import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { blindIndexes, KeyRing, type BlindIndex } from '@countersign/crypto';
import { BLIND_INDEX, firstRow, LostRace } from '@countersign/database';

const CLAIM = `
  INSERT INTO digests (kind, ${BLIND_INDEX.names}, owner_id)
  SELECT $1::text, ${BLIND_INDEX.names}, $2::uuid FROM (${BLIND_INDEX.unnest(3)}) AS wanted
  ORDER BY key_id ON CONFLICT DO NOTHING`;

const FIND = `
  SELECT d.owner_id AS "ownerId" FROM (${BLIND_INDEX.unnest(2)}) AS wanted
  JOIN digests d ON d.kind = $1 AND d.key_id = wanted.key_id AND d.digest = wanted.digest LIMIT 1`;

/** Digests that keep the sealed values of a kind unique. */
@Injectable()
export class Digests {
  constructor(private readonly keyRing: KeyRing) {}

  /** @param owners the table of the sealed values @returns the row that has the value: this one or an earlier one */
  async claim(
    tx: EntityManager,
    { kind, owners }: { readonly kind: string; readonly owners: string },
    ownerId: string,
    parts: readonly string[],
  ): Promise<string> {
    const batch = BLIND_INDEX.arraysOf(digestsOfKind(this.keyRing, kind, parts));
    const find = () => firstRow<{ ownerId: string }>(tx, FIND, [kind, ...batch]);
    const known = await find();
    if (known) await lockOwner(tx, owners, known.ownerId);
    await tx.query(CLAIM, [kind, known?.ownerId ?? ownerId, ...batch]);
    const winner = await find();
    if (!winner) throw new LostRace();
    return winner.ownerId;
  }
}

/** One digest per index key of the ring. */
export function digestsOfKind(ring: KeyRing, kind: string, parts: readonly string[]): readonly BlindIndex[] {
  return blindIndexes(ring, `digests.${kind}`, parts);
}

/** A concurrent removal would leave the new digests behind. */
async function lockOwner(tx: EntityManager, owners: string, ownerId: string): Promise<void> {
  const statement = `SELECT 1 FROM ${owners} WHERE id = $1 FOR KEY SHARE`;
  if (!(await firstRow(tx, statement, [ownerId]))) throw new LostRace();
}
