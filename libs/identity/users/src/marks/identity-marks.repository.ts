import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { columns, rows } from '@countersign/database';
import type { IdentityMarkEntity } from './identity-mark.entity';

/** An identity with the key of its owner. */
export interface SealedOwnIdentity {
  readonly id: string;
  readonly provider: string;
  readonly environment: string;
  readonly subject: Sealed;
  readonly dataKey: Sealed;
}

const MARK = columns<Readonly<IdentityMarkEntity>>({
  markId: 'uuid',
  keyId: 'text',
  digest: 'bytea',
  kind: 'text',
  aboutId: 'uuid',
  upToId: 'uuid',
  at: 'timestamptz',
  endsAt: 'timestamptz',
});

/** Not again what is known: identities that come and go leave one mark. */
const INSERT = `
  INSERT INTO identity_marks (${MARK.names})
  SELECT ${MARK.names} FROM (${MARK.unnest()}) AS wanted
  WHERE NOT EXISTS (
    SELECT FROM identity_marks known WHERE known.key_id = wanted.key_id AND known.digest = wanted.digest
      AND known.about_id = wanted.about_id AND known.kind = wanted.kind AND known.at >= wanted.at
  )`;

const WANTED = MARK.pick('keyId', 'digest', 'aboutId');
const FIND = `
  SELECT marks.key_id AS "keyId", marks.digest, marks.about_id AS "aboutId",
    marks.up_to_id AS "upToId", marks.at
  FROM (${WANTED.unnest(2)}) AS wanted
  JOIN identity_marks marks ON marks.key_id = wanted.key_id AND marks.digest = wanted.digest
    AND marks.about_id = wanted.about_id
  WHERE marks.ends_at > $1::timestamptz`;
export type FoundMark = Pick<IdentityMarkEntity, 'keyId' | 'digest' | 'aboutId' | 'upToId' | 'at'>;

const DIGEST = MARK.pick('keyId', 'digest');
const FIND_ALL = `
  SELECT marks.key_id AS "keyId", marks.digest, marks.about_id AS "aboutId",
    marks.up_to_id AS "upToId", marks.at, marks.ends_at AS "endsAt"
  FROM (${DIGEST.unnest(2)}) AS wanted
  JOIN identity_marks marks ON marks.key_id = wanted.key_id AND marks.digest = wanted.digest
  WHERE marks.ends_at > $1::timestamptz`;

/** A mark, for a copy of it. */
type KnownMark = FoundMark & Pick<IdentityMarkEntity, 'endsAt'>;

const IDENTITIES_OF = `
  SELECT i.id, i.provider, i.environment, i.subject, u.data_key AS "dataKey"
  FROM identities i JOIN users u ON u.id = i.user_id
  WHERE i.user_id = $1 ORDER BY i.id`;

const APPLICATION_IDS = 'SELECT id FROM applications';

const DELETE_ENDED = `
  DELETE FROM identity_marks WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM identity_marks WHERE ends_at < $1::timestamptz ORDER BY ends_at LIMIT $2
  )) RETURNING true`;

@Injectable()
export class IdentityMarksRepository {
  async insert(tx: EntityManager, marks: readonly IdentityMarkEntity[]): Promise<void> {
    await tx.query(INSERT, MARK.arraysOf(marks));
  }

  /** Those that have not ended. */
  async find(
    manager: EntityManager,
    wanted: readonly Pick<IdentityMarkEntity, 'keyId' | 'digest' | 'aboutId'>[],
    now: Date,
  ): Promise<readonly FoundMark[]> {
    return rows(manager, FIND, [now, ...WANTED.arraysOf(wanted)]);
  }

  /** Those that have not ended, of all applications and teams. */
  async findAll(
    tx: EntityManager,
    digests: readonly Pick<IdentityMarkEntity, 'keyId' | 'digest'>[],
    now: Date,
  ): Promise<readonly KnownMark[]> {
    return rows(tx, FIND_ALL, [now, ...DIGEST.arraysOf(digests)]);
  }

  async applicationIds(tx: EntityManager): Promise<readonly string[]> {
    return (await rows<{ id: string }>(tx, APPLICATION_IDS, [])).map(({ id }) => id);
  }

  async identitiesOf(tx: EntityManager, userId: string): Promise<readonly SealedOwnIdentity[]> {
    return rows(tx, IDENTITIES_OF, [userId]);
  }

  async deleteEndedBefore(tx: EntityManager, at: Date, limit: number): Promise<number> {
    return (await rows(tx, DELETE_ENDED, [at, limit])).length;
  }
}
