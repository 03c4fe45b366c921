import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { actingOperator, AuditService, Outbox } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import { firstRow, Notifications, rows, together, waitsForLocks } from '@countersign/database';
import type { Assurance, EndReason, Session } from '../session';
import { sessionEvents } from '../sessions.feature';

/** Payload: `@`, milliseconds since the epoch, `:` and the reason if sessions ended, then `,` before each id. */
export const REVOKED_CHANNEL = 'countersign_sessions_revoked';

/** Reasons that must prevent the holder of the proof from opening another session. */
const BARRING: ReadonlySet<EndReason> = new Set([
  'ended-by-owner',
  'ended-all',
  'revoked',
  'deactivated',
  'merged',
  'unlinked',
  'outranked',
  'erased',
]);

/** A payload of NOTIFY is limited to 8000 bytes: 200 ids of 36 characters, their commas and the first item fit. */
const IDS_PER_NOTIFICATION = 200;

/** All conditions must hold. `null` is no condition. */
interface Conditions {
  readonly ids?: readonly string[];
  readonly userId?: string;
  readonly identityId?: string;
  readonly applicationId?: string | null;
  readonly exceptId?: string | null;
  readonly assurances?: readonly Assurance[] | null;
  /** Selects sessions by bots that their application only allows. */
  readonly ofAllowedBots?: boolean;
  /** Selects sessions that rest on this bot, and sessions of its application without an existing bot. */
  readonly bot?: { readonly rowId: string; readonly applicationId: string };
  readonly openedSince?: Date;
  readonly openedBefore?: Date;
  /** Ids after the first, up to and including the second. */
  readonly range?: { readonly above: string; readonly upTo: string };
}

export type SessionScope = Conditions &
  Required<Pick<Conditions, 'ids'> | Pick<Conditions, 'userId'> | Pick<Conditions, 'range'>>;

/** Such an end allows the proof of the session to open another one. */
const IS_FOLLOWED = `end_reason IN ('logout', 'idle', 'evicted')`;

export interface Ending {
  /** The actor of a record for each session; absent if another record has the act that ends them. */
  readonly by?: string;
  /** Each session ends itself. */
  readonly isByItself?: boolean;
}

type EndedSession = Pick<Session, 'id' | 'userId' | 'applicationId'>;

@Injectable()
export class SessionEndings {
  constructor(
    private readonly audit: AuditService,
    private readonly outbox: Outbox,
    private readonly notifications: Notifications,
    private readonly clock: Clock,
  ) {}

  async end(
    tx: EntityManager,
    scope: SessionScope,
    reason: EndReason,
    { by, isByItself = false }: Ending = {},
  ): Promise<readonly string[]> {
    const acting = by ?? actingOperator() ?? (reason === 'idle' ? null : 'person');
    const parameters: unknown[] = [this.clock.now(), reason, isByItself ? null : acting];
    const endedBy = isByItself ? "coalesce($3::text, 'session:' || id)" : '$3::text';
    const condition = conditionOf(scope, parameters);
    const ended = await rows<EndedSession>(
      tx,
      `WITH open AS (
         SELECT id FROM sessions WHERE ${condition} AND ended_at IS NULL ORDER BY id FOR NO KEY UPDATE ${waitsForLocks(tx) ? '' : 'SKIP LOCKED'}
       )
       UPDATE sessions SET ended_at = $1, end_reason = $2, ended_by = ${endedBy} WHERE id = ANY(ARRAY(SELECT id FROM open)) AND ended_at IS NULL
       RETURNING id, user_id AS "userId", application_id AS "applicationId"`,
      parameters,
    );
    // Sessions that are over get the reason too, so that the proof of a session after logout opens no other. This runs
    // after the statement that waits for a concurrent logout, to include its session.
    if (BARRING.has(reason))
      await tx.query(
        `UPDATE sessions SET end_reason = $2, ended_at = LEAST(ended_at, $1), ended_by = ${endedBy}
         WHERE ${condition} AND ${IS_FOLLOWED}`,
        parameters,
      );
    await this.announceEnded(tx, ended, reason, isByItself ? (id) => `session:${id}` : by);
    return ended.map(({ id }) => id);
  }

  /** The users of sessions that `end` would end or bar. */
  async usersOf(tx: EntityManager, scope: SessionScope): Promise<readonly string[]> {
    const parameters: unknown[] = [];
    const found = await rows<{ userId: string }>(
      tx,
      `SELECT DISTINCT user_id AS "userId" FROM sessions
       WHERE ${conditionOf(scope, parameters)} AND (ended_at IS NULL OR ${IS_FOLLOWED})`,
      parameters,
    );
    return found.map(({ userId }) => userId);
  }

  async idAfter(manager: EntityManager, above: string, skipped: number): Promise<string | null> {
    const found = await firstRow<{ id: string }>(
      manager,
      'SELECT id FROM sessions WHERE id > $1 ORDER BY id OFFSET $2 LIMIT 1',
      [above, skipped],
    );
    return found?.id ?? null;
  }

  /** Announces sessions that a statement has ended. A session that only ran out has no event. */
  async announceEnded(
    tx: EntityManager,
    ended: readonly EndedSession[],
    reason: EndReason,
    by: string | ((sessionId: string) => string) | undefined,
  ): Promise<void> {
    const announced = reason === 'idle' ? [] : ended;
    const eventOf = ({ id: sessionId, userId, applicationId }: EndedSession) =>
      ({ userId, sessionId, applicationId, reason }) as const;
    const ids = ended.map(({ id }) => id);
    await together(
      this.announceRevoked(tx, ids, reason),
      by === undefined
        ? this.outbox.add(
            tx,
            sessionEvents.ended,
            announced.map((session) => ({ data: eventOf(session), applicationIds: [session.applicationId] })),
          )
        : this.audit.recordAll(
            tx,
            sessionEvents.ended,
            announced.map((session) => ({
              actor: typeof by === 'string' ? by : by(session.id),
              applicationId: session.applicationId,
              subject: session.id,
              details: { reason },
              event: eventOf(session),
            })),
          ),
    );
  }

  /** Like `announceRevoked`, for all sessions. */
  async announceAll(tx: EntityManager): Promise<void> {
    await this.notifications.send(tx, REVOKED_CHANNEL, '');
  }

  /** Every replica drops the sessions at commit. @param reason why they ended; `null` if only tokens were replaced */
  async announceRevoked(
    tx: EntityManager,
    ids: readonly string[],
    reason: EndReason | null = null,
  ): Promise<void> {
    for (let start = 0; start < ids.length; start += IDS_PER_NOTIFICATION) {
      const head = `@${this.clock.now().getTime()}${reason === null ? '' : `:${reason}`}`;
      const payload = [head, ...ids.slice(start, start + IDS_PER_NOTIFICATION)].join(',');
      await this.notifications.send(tx, REVOKED_CHANNEL, payload);
    }
  }
}

/** @param parameters the values of the conditions are appended */
function conditionOf(scope: Conditions, parameters: unknown[]): string {
  const add = (value: unknown): string => `$${parameters.push(value)}`;
  const { ids, userId, identityId, applicationId, exceptId, assurances, bot, range } = scope;
  const { openedSince, openedBefore } = scope;
  return [
    ids && `id = ANY(${add(ids)}::uuid[])`,
    userId !== undefined && `user_id = ${add(userId)}`,
    identityId && `identity_id = ${add(identityId)}`,
    applicationId && `application_id = ${add(applicationId)}`,
    exceptId && `id <> ${add(exceptId)}`,
    assurances && `assurance = ANY(${add(assurances)}::text[])`,
    scope.ofAllowedBots && 'is_of_allowed_bot',
    bot &&
      `(bot_row_id = ${add(bot.rowId)} OR (application_id = ${add(bot.applicationId)}
        AND NOT EXISTS (SELECT FROM bots b WHERE b.id = bot_row_id)))`,
    openedSince && `created_at >= ${add(openedSince)}`,
    openedBefore && `created_at < ${add(openedBefore)}`,
    range && `id > ${add(range.above)} AND id <= ${add(range.upTo)}`,
  ]
    .filter(Boolean)
    .join(' AND ');
}
