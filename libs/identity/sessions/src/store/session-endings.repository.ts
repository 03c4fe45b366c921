import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { firstRow, rows, together } from '@countersign/database';
import { Outbox } from '@countersign/events';
import type { Assurance, EndReason, Session } from '../session';
import { lockingRows } from './sessions.sql';

/**
 * The channel for ids of sessions whose tokens were revoked, comma separated. The first item is no id: `@`,
 * the milliseconds since the epoch at which it was sent and, where the sessions ended, `:` and the reason.
 */
export const REVOKED_CHANNEL = 'countersign_sessions_revoked';

/** Ends that are meant to keep out holders of the proof. */
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

/**
 * A payload of NOTIFY is limited to 8000 bytes: 200 ids of 36 characters, their commas and the first item
 * fit.
 */
const IDS_PER_NOTIFICATION = 200;

/** Sessions of a person: of one application, or of all when it is null; but one, or none when it is null. */
export interface SessionScope {
  readonly userId: string;
  readonly applicationId: string | null;
  readonly exceptId: string | null;
  /** Absent where all of those end. */
  readonly limits?: EndingLimits;
}

/** Which of a person's sessions end. */
export interface EndingLimits {
  /** Those of these; all when null. */
  readonly assurances: readonly Assurance[] | null;
  /** Only those by bots that their application merely allows. */
  readonly ofAllowedBots: boolean;
}

/** Ended in a way that allows its proof to open another session. */
const IS_FOLLOWED = `end_reason IN ('logout', 'idle', 'evicted')`;

export interface RevokedBot {
  readonly rowId: string;
  readonly applicationId: string;
}

/** A session that a statement has ended. */
export type EndedSession = Pick<Session, 'id' | 'userId' | 'applicationId'>;

/** Ids after the first, up to and including the second. */
export interface IdRange {
  readonly above: string;
  readonly upTo: string;
}

/** Statements that end sessions, notify every replica, and add the events. */
@Injectable()
export class SessionEndings {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Ends those of the sessions that have not ended, notifies every replica, and returns their ids. */
  async end(
    tx: EntityManager,
    { ids, waits }: { readonly ids: readonly string[]; readonly waits: boolean },
    reason: EndReason,
    now: Date,
  ): Promise<readonly string[]> {
    return this.endWhere(tx, 'id = ANY($3::uuid[])', [ids], reason, now, waits);
  }

  /** Ends a person's sessions, except one; of one application, or of all when `applicationId` is null. */
  async endOfUser(
    tx: EntityManager,
    scope: SessionScope,
    reason: EndReason,
    now: Date,
  ): Promise<readonly string[]> {
    return this.endWhere(
      tx,
      `user_id = $3 AND ($4::uuid IS NULL OR application_id = $4) AND id IS DISTINCT FROM $5::uuid
         AND ($6::text[] IS NULL OR assurance = ANY($6)) AND (NOT $7::boolean OR is_of_allowed_bot)`,
      [
        scope.userId,
        scope.applicationId,
        scope.exceptId,
        scope.limits?.assurances ?? null,
        scope.limits?.ofAllowedBots ?? false,
      ],
      reason,
      now,
    );
  }

  /** Ends the sessions that an identity of a person opened. */
  async endOfIdentity(
    tx: EntityManager,
    identity: { readonly userId: string; readonly id: string },
    reason: EndReason,
    now: Date,
  ): Promise<readonly string[]> {
    const { userId, id } = identity;
    return this.endWhere(tx, 'user_id = $3 AND identity_id = $4', [userId, id], reason, now);
  }

  /** Ends a person's sessions that weaker proofs than the platform's opened. */
  async endOutranked(tx: EntityManager, userId: string, now: Date): Promise<readonly string[]> {
    return this.endWhere(tx, `user_id = $3 AND assurance <> 'platform'`, [userId], 'outranked', now);
  }

  /**
   * Ends sessions that rest on a bot's token alone and were opened at `since` or later. Those without a bot
   * id (it was removed, or they are older than the column) count as this bot's in its application.
   */
  async endOfBot(
    tx: EntityManager,
    range: IdRange,
    bot: RevokedBot,
    since: Date,
    now: Date,
  ): Promise<readonly string[]> {
    return this.endWhere(tx, ofBot(3), parametersOfBot(range, bot, since), 'revoked', now);
  }

  /** The users of sessions that `endOfBot` would end or bar. */
  async usersOfBot(
    tx: EntityManager,
    range: IdRange,
    bot: RevokedBot,
    since: Date,
  ): Promise<readonly string[]> {
    const hit = await rows<{ userId: string }>(
      tx,
      `SELECT DISTINCT user_id AS "userId" FROM sessions
       WHERE ${ofBot(1)} AND (ended_at IS NULL OR ${IS_FOLLOWED})`,
      parametersOfBot(range, bot, since),
    );
    return hit.map(({ userId }) => userId);
  }

  /** Ends sessions that rest on a vendor's word for an application and were opened at `since` or later. */
  async endOfVendor(
    tx: EntityManager,
    range: IdRange,
    applicationId: string,
    since: Date,
    now: Date,
  ): Promise<readonly string[]> {
    return this.endWhere(
      tx,
      `id > $3 AND id <= $4 AND assurance = 'vendor' AND created_at >= $5 AND application_id = $6`,
      [range.above, range.upTo, since, applicationId],
      'revoked',
      now,
    );
  }

  /** Ends sessions that were opened at an instant or before. */
  async endOpenedUntil(
    tx: EntityManager,
    range: IdRange,
    instant: Date,
    now: Date,
  ): Promise<readonly string[]> {
    const parameters = [range.above, range.upTo, instant];
    return this.endWhere(tx, 'id > $3 AND id <= $4 AND created_at <= $5', parameters, 'revoked', now);
  }

  /** The users of sessions that `endOpenedUntil` would end or bar. */
  async usersOpenedUntil(tx: EntityManager, range: IdRange, instant: Date): Promise<readonly string[]> {
    const hit = await rows<{ userId: string }>(
      tx,
      `SELECT DISTINCT user_id AS "userId" FROM sessions
       WHERE id > $1 AND id <= $2 AND created_at <= $3 AND (ended_at IS NULL OR ${IS_FOLLOWED})`,
      [range.above, range.upTo, instant],
    );
    return hit.map(({ userId }) => userId);
  }

  /** The id that follows `above` with `skipped` others in between, if there are so many sessions. */
  async idAfter(manager: EntityManager, above: string, skipped: number): Promise<string | null> {
    const found = await firstRow<{ id: string }>(
      manager,
      'SELECT id FROM sessions WHERE id > $1 ORDER BY id OFFSET $2 LIMIT 1',
      [above, skipped],
    );
    return found?.id ?? null;
  }

  private async endWhere(
    tx: EntityManager,
    condition: string,
    parameters: readonly unknown[],
    reason: EndReason,
    now: Date,
    waits = true,
  ): Promise<readonly string[]> {
    const ended = await rows<EndedSession>(
      tx,
      `WITH open AS (
         SELECT id FROM sessions WHERE ${condition} AND ended_at IS NULL ORDER BY id ${lockingRows(waits)}
       )
       UPDATE sessions SET ended_at = $1, end_reason = $2 WHERE id = ANY(ARRAY(SELECT id FROM open)) AND ended_at IS NULL
       RETURNING id, user_id AS "userId", application_id AS "applicationId"`,
      [now, reason, ...parameters],
    );
    // After the statement that waits for a concurrent logout, to include its session.
    if (BARRING.has(reason)) await this.bar(tx, condition, parameters, reason, now);
    await this.announceEnded(tx, ended, reason);
    return ended.map(({ id }) => id);
  }

  /**
   * Sessions that are over get the reason too: else the proof of a session after logout would open another
   * one.
   */
  private async bar(
    tx: EntityManager,
    condition: string,
    parameters: readonly unknown[],
    reason: EndReason,
    now: Date,
  ): Promise<void> {
    await tx.query(
      `UPDATE sessions SET end_reason = $2, ended_at = LEAST(ended_at, $1)
       WHERE ${condition} AND ${IS_FOLLOWED}`,
      [now, reason, ...parameters],
    );
  }

  /** For every statement that ends sessions. One that only ran out and is followed by another has no event. */
  async announceEnded(tx: EntityManager, ended: readonly EndedSession[], reason: EndReason): Promise<void> {
    const announced = reason === 'idle' ? [] : ended;
    await together(
      this.announceRevoked(
        tx,
        ended.map(({ id }) => id),
        reason,
      ),
      this.outbox.add(
        tx,
        'session.ended',
        announced.map(({ id: sessionId, userId, applicationId }) => ({
          data: { userId, sessionId, applicationId, reason },
          applicationIds: [applicationId],
        })),
      ),
    );
  }

  /**
   * Notifies every replica to drop the sessions from its cache. PostgreSQL delivers it when the transaction
   * commits.
   * @param reason why they ended; `null` where only their tokens were replaced
   */
  async announceRevoked(
    tx: EntityManager,
    ids: readonly string[],
    reason: EndReason | null = null,
  ): Promise<void> {
    for (let start = 0; start < ids.length; start += IDS_PER_NOTIFICATION) {
      const head = `@${this.clock.now().getTime()}${reason === null ? '' : `:${reason}`}`;
      const payload = [head, ...ids.slice(start, start + IDS_PER_NOTIFICATION)].join(',');
      await tx.query('SELECT pg_notify($1, $2)', [REVOKED_CHANNEL, payload]);
    }
  }
}

/** With the parameters from `$first` on. */
function ofBot(first: number): string {
  const [above, upTo, since, bot, application] = [0, 1, 2, 3, 4].map((index) => `$${first + index}`);
  return `id > ${above} AND id <= ${upTo} AND assurance = 'bot-token' AND created_at >= ${since}
    AND (bot_row_id = ${bot}
      OR (application_id = ${application} AND NOT EXISTS (SELECT FROM bots b WHERE b.id = bot_row_id)))`;
}

function parametersOfBot(range: IdRange, bot: RevokedBot, since: Date): readonly unknown[] {
  return [range.above, range.upTo, since, bot.rowId, bot.applicationId];
}
