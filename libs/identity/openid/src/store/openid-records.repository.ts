import { Injectable } from '@nestjs/common';
import { In, IsNull, MoreThan, type EntityManager, type FindOptionsWhere } from 'typeorm';
import type { AdapterPayload } from 'oidc-provider';
import { Clock, SECOND } from '@countersign/runtime';
import { fieldBlindIndexes, KeyRing, sealedJson, sha256 } from '@countersign/crypto';
import { Database, insertIfNew, rows, lockRow, locked, type Locked } from '@countersign/database';
import { NeedsFormerKey, type UntreatedRows } from '@countersign/keys';
import { endOf, SessionsService, toPrincipal } from '@countersign/sessions';
import { OpenidClientEntity, OpenidRecordEntity, type OpenidConsentEntity } from './openid.entities';

type NamedConsent = Omit<OpenidConsentEntity, 'userId' | 'subject'> & { readonly clientName: string };
type OtherId = Pick<AdapterPayload, 'uid' | 'userCode'>;

/**
 * Records that prove a sign-in to a client. `DeviceCode` has a session once the person has approved. A `Grant` proves
 * nothing: the library stores it before the person has seen the client.
 */
const SIGN_INS: readonly string[] = ['AuthorizationCode', 'DeviceCode'];

const sealedContent = sealedJson<AdapterPayload>('openid_records', 'content');

/**
 * A dump of the table reveals nothing: ids, which are tokens, are stored as digests, and contents are sealed. Records
 * of a session that is over are not found, so a client's tokens end with the session.
 */
@Injectable()
@NeedsFormerKey({ purpose: 'index' })
export class OpenidRecords {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  async save(model: string, id: string, content: AdapterPayload, tx?: EntityManager): Promise<void> {
    const row = this.rowOf(model, id, content);
    const save = async (manager: EntityManager): Promise<void> => {
      // The client is recorded before the record, in the lock order of `takeEnded`.
      if (SIGN_INS.includes(model)) await this.noteClient(manager, row);
      await manager.upsert(OpenidRecordEntity, row, ['digest']);
    };
    await (tx ? save(tx) : this.database.transaction(save));
  }

  /** Operators see which clients a browser's session is for. */
  private async noteClient(
    tx: EntityManager,
    { model, clientId, sessionId }: Pick<OpenidRecordEntity, 'model' | 'clientId' | 'sessionId'>,
  ): Promise<void> {
    if (clientId === null || sessionId === null) return;
    const client = await tx.findOneBy(OpenidClientEntity, { id: clientId });
    if (client) await this.sessions.noteOpenidClient(tx, sessionId, client, model === 'DeviceCode');
  }

  /** The table's constraint decides between simultaneous calls. @returns whether the record is new */
  async isNew(model: string, id: string, content: AdapterPayload): Promise<boolean> {
    const row = this.rowOf(model, id, content);
    return this.database.transaction((tx) => insertIfNew(tx, OpenidRecordEntity, row, 'digest'));
  }

  private rowOf(model: string, id: string, content: AdapterPayload): Omit<OpenidRecordEntity, 'usedAt'> {
    const { clientId, uid, userCode, exp } = content;
    // An interaction outlives the session and the grant that it began with, and may replace them.
    const { accountId, grantId } = model === 'Interaction' ? {} : content;
    const digest = digestOf(model, id);
    const [otherDigest = null] = this.otherDigests(model, { uid, userCode });
    return {
      digest,
      model,
      clientId: clientId ?? null,
      sessionId: accountId ?? null,
      grantDigest: grantId === undefined ? null : digestOf('Grant', grantId),
      otherDigest,
      content: sealedContent.seal(this.keyRing, digest, content),
      expiresAt: new Date((exp ?? 0) * SECOND),
    };
  }

  find(model: string, id: string): Promise<AdapterPayload | null> {
    return this.findBy({ digest: digestOf(model, id) });
  }

  findByOther(model: string, other: OtherId, tx?: EntityManager): Promise<AdapterPayload | null> {
    return this.findBy({ otherDigest: In(this.otherDigests(model, other)) }, tx);
  }

  async untreatedRows(manager: EntityManager): Promise<UntreatedRows> {
    const where = { model: 'DeviceCode', expiresAt: MoreThan(this.clock.now()) };
    const order = { expiresAt: 'DESC' } as const;
    const [[last], count] = await manager.findAndCount(OpenidRecordEntity, { where, order, take: 1 });
    const lasts = `until ${last?.expiresAt.toISOString()}`;
    return { rows: 'codes that devices show (openid_records)', count, lasts };
  }

  async lock(tx: EntityManager, model: string, id: string): Promise<Locked<AdapterPayload> | null> {
    const row = await lockRow(tx, OpenidRecordEntity, { digest: digestOf(model, id) }, 'pessimistic_write');
    return row && locked(this.opened(row));
  }

  /** @returns whether it was unused */
  async use(model: string, id: string): Promise<boolean> {
    const unused = { digest: digestOf(model, id), usedAt: IsNull() };
    const use = (tx: EntityManager) => tx.update(OpenidRecordEntity, unused, { usedAt: this.clock.now() });
    return (await this.database.transaction(use)).affected === 1;
  }

  async delete(model: string, id: string): Promise<void> {
    await this.deleteBy({ digest: digestOf(model, id) });
  }

  async deleteOfGrant(grantId: string): Promise<void> {
    const digest = digestOf('Grant', grantId);
    await this.deleteBy([{ grantDigest: digest }, { digest }]);
  }

  async deleteOfConsent(tx: EntityManager, userId: string, clientId: string): Promise<void> {
    await tx.query(
      `DELETE FROM openid_records r USING sessions s WHERE s.id = r.session_id AND s.user_id = $1 AND r.client_id = $2`,
      [userId, clientId],
    );
  }

  /**
   * Deletes all records of sessions that have ended, and queues their clients' logouts. It skips locked sessions.
   * @param ids of sessions; `null` for any
   * @returns how many sessions it deleted records of
   */
  async takeEnded(tx: EntityManager, ids: readonly string[] | null, limit: number): Promise<number> {
    const those = ids === null ? 's.id IN (SELECT session_id FROM openid_records)' : 's.id = ANY($2)';
    const ended = await rows<{ id: string }>(
      tx,
      `SELECT s.id FROM sessions s WHERE s.ended_at IS NOT NULL AND ${those}
         AND EXISTS (SELECT FROM openid_records r WHERE r.session_id = s.id)
       ORDER BY s.id LIMIT $1 FOR UPDATE OF s SKIP LOCKED`,
      ids === null ? [limit] : [limit, ids],
    );
    if (ended.length === 0) return 0;
    const deleted = await rows<OpenidRecordEntity>(
      tx,
      `DELETE FROM openid_records WHERE session_id = ANY($1)
       RETURNING digest, model, content, used_at AS "usedAt"`,
      [ended.map(({ id }) => id)],
    );
    const known = deleted.flatMap((row) => {
      const { authorizations = {} } = row.model === 'Session' ? this.opened(row) : {};
      return Object.entries(authorizations as Record<string, { readonly sid?: string }>);
    });
    await tx.query(
      `INSERT INTO openid_logouts (client_id, sid, attempts, due_at)
       SELECT c.id, e.sid, 0, $3 FROM unnest($1::uuid[], $2::text[]) AS e (client_id, sid)
       JOIN openid_clients c ON c.id = e.client_id
       WHERE c.logout_url IS NOT NULL AND e.sid IS NOT NULL ON CONFLICT DO NOTHING`,
      [known.map(([clientId]) => clientId), known.map(([, { sid = null }]) => sid), this.clock.now()],
    );
    return ended.length;
  }

  /** A device's code is short, so a plain digest would reveal it. It is found by a keyed digest. */
  private otherDigests(model: string, { uid, userCode }: OtherId): readonly string[] {
    if (userCode === undefined) return uid === undefined ? [] : [digestOf(`${model}/other`, uid)];
    // The code of a row is not stored, so a retired key finds the row until its end.
    const keys = this.keyRing.all('index');
    const keyed = fieldBlindIndexes(this.keyRing, 'openid_records.user_code', userCode, keys);
    return keyed.map(({ digest }) => digest.toString('base64url'));
  }

  /** Revoked consents are left out. */
  consentsOf(
    manager: EntityManager,
    userId: string,
    applicationId: string,
  ): Promise<readonly NamedConsent[]> {
    return rows(
      manager,
      `SELECT o.client_id AS "clientId", c.name AS "clientName", o.scopes, o.given_at AS "givenAt"
       FROM openid_consents o JOIN openid_clients c ON c.id = o.client_id
       WHERE o.user_id = $1 AND c.application_id = $2 AND o.scopes <> '{}' ORDER BY o.client_id`,
      [userId, applicationId],
    );
  }

  private async findBy(
    where: FindOptionsWhere<OpenidRecordEntity>,
    tx?: EntityManager,
  ): Promise<AdapterPayload | null> {
    return this.database.read(async (manager) => {
      const row = await manager.findOneBy(OpenidRecordEntity, where);
      if (!row) return null;
      const { sessionId } = row;
      const session = sessionId === null ? null : await this.sessions.findById(manager, sessionId);
      const isOpen = session && !endOf(session, this.clock.now()) && toPrincipal(session);
      if (sessionId !== null && !isOpen) return null;
      return this.opened(row);
    }, tx);
  }

  async deleteOfClient(tx: EntityManager, clientId: string): Promise<void> {
    await tx.delete(OpenidRecordEntity, { clientId });
  }

  private async deleteBy(
    where: FindOptionsWhere<OpenidRecordEntity> | FindOptionsWhere<OpenidRecordEntity>[],
  ): Promise<void> {
    await this.database.transaction((tx) => tx.delete(OpenidRecordEntity, where));
  }

  private opened({
    digest,
    content,
    usedAt,
  }: Pick<OpenidRecordEntity, 'digest' | 'content' | 'usedAt'>): AdapterPayload {
    const opened = sealedContent.open(this.keyRing, digest, content);
    return usedAt === null ? opened : { ...opened, consumed: Math.floor(usedAt.getTime() / SECOND) };
  }
}

function digestOf(model: string, id: string): string {
  return sha256(`${model} ${id}`).toString('base64url');
}
