import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columns, rows } from '@countersign/database';
import { ImportedIdentityEntity, ImportEntity } from './import.entity';

const IMPORTED = columns<ImportedIdentityEntity>({
  importId: 'uuid',
  subjectDigest: 'bytea',
  externalDigest: 'bytea',
  identityId: 'uuid',
});

const INSERT = `INSERT INTO imported_identities (${IMPORTED.names}) ${IMPORTED.unnest()}`;

const FIND = `
  SELECT ${IMPORTED.selected} FROM imported_identities WHERE import_id = $1 AND subject_digest = ANY($2::bytea[])
  UNION
  SELECT ${IMPORTED.selected} FROM imported_identities WHERE import_id = $1 AND external_digest = ANY($3::bytea[])`;

/** Not of people whom another import created: its undoing removes their accounts, and this import may create them then. */
const MARK = `
  INSERT INTO imported_identities (import_id, subject_digest)
  SELECT $1, met.subject_digest FROM unnest($2::bytea[], $3::uuid[]) AS met (subject_digest, user_id)
  WHERE NOT EXISTS (
    SELECT FROM imported_identities created JOIN identities i ON i.id = created.identity_id WHERE i.user_id = met.user_id
  )
  ON CONFLICT DO NOTHING`;

const NEXT = `
  SELECT ${IMPORTED.selected} FROM imported_identities
  WHERE import_id = $1 AND identity_id > $2::uuid ORDER BY identity_id LIMIT $3`;

const DELETE_IF_EMPTY = `
  DELETE FROM imports WHERE id = $1 AND NOT EXISTS (SELECT FROM imported_identities WHERE import_id = $1)`;

/** Imports, and whom they created. */
@Injectable()
export class ImportsRepository {
  async insertIfNew(tx: EntityManager, { id, name, digestKey, createdAt }: ImportEntity): Promise<boolean> {
    const inserted = await rows(
      tx,
      `INSERT INTO imports (id, name, digest_key, created_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (name) DO NOTHING RETURNING true`,
      [id, name, digestKey, createdAt],
    );
    return inserted.length > 0;
  }

  async findByName(manager: EntityManager, name: string): Promise<ImportEntity | null> {
    return manager.findOneBy(ImportEntity, { name });
  }

  async list(manager: EntityManager, limit: number): Promise<readonly ImportEntity[]> {
    return manager.find(ImportEntity, { order: { id: 'DESC' }, take: limit });
  }

  /** One transaction at a time adds or removes people of an import. @returns false when it is gone */
  async lock(tx: EntityManager, id: string): Promise<boolean> {
    return (await rows(tx, 'SELECT true FROM imports WHERE id = $1 FOR UPDATE', [id])).length > 0;
  }

  /** Those with one of the digests of a subject, or one of an external id. */
  async find(
    manager: EntityManager,
    importId: string,
    subjects: readonly Buffer[],
    externals: readonly Buffer[],
  ): Promise<readonly ImportedIdentityEntity[]> {
    return rows(manager, FIND, [importId, subjects, externals]);
  }

  async insert(tx: EntityManager, imported: readonly ImportedIdentityEntity[]): Promise<void> {
    await tx.query(INSERT, IMPORTED.arraysOf(imported));
  }

  /** Remembers people who had an account, so that they are not created when it is erased. */
  async mark(
    tx: EntityManager,
    importId: string,
    met: readonly { readonly subjectDigest: Buffer; readonly userId: string }[],
  ): Promise<void> {
    const subjects = met.map(({ subjectDigest }) => subjectDigest);
    await tx.query(MARK, [importId, subjects, met.map(({ userId }) => userId)]);
  }

  /** The next people whose identities are not deleted, after an identity. */
  async next(
    manager: EntityManager,
    importId: string,
    afterId: string,
    limit: number,
  ): Promise<readonly (ImportedIdentityEntity & { readonly identityId: string })[]> {
    return rows(manager, NEXT, [importId, afterId, limit]);
  }

  async delete(tx: EntityManager, importId: string, subjects: readonly Buffer[]): Promise<void> {
    await tx.query(
      'DELETE FROM imported_identities WHERE import_id = $1 AND subject_digest = ANY($2::bytea[])',
      [importId, subjects],
    );
  }

  /** Locks first: a statement that waits for a lock does not see what was inserted meanwhile. */
  async deleteIfEmpty(tx: EntityManager, importId: string): Promise<void> {
    if (await this.lock(tx, importId)) await tx.query(DELETE_IF_EMPTY, [importId]);
  }
}
