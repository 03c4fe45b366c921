import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, operator } from '@countersign/audit';
import { Clock, DAY } from '@countersign/clock';
import { Database } from '@countersign/database';
import { UsersService } from '@countersign/users';
import { SessionCache } from '../memory/session-cache';
import { SessionEndings, type IdRange, type RevokedBot } from '../store/session-endings.repository';

/** Sign-ins and slides wait for the locks of a step, so it takes about a tenth of a second. */
const ROWS_PER_STEP = 1_000;

/**
 * An id is made a few statements before `created_at` on the same machine, whose clock may be set in between.
 * The ids of another day cost little.
 */
const MARGIN_MS = DAY;

const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Ends sessions for an operator, possibly most of all: in the order of their ids, each step a transaction
 * with its audit records. So no statement exceeds the timeouts, for any number of sessions, and locks are
 * held for one step only.
 *
 * Sign-ins that open such sessions must have been stopped and awaited before: sessions opened later are not
 * found.
 */
@Injectable()
export class SessionEndingsInSteps {
  constructor(
    private readonly database: Database,
    private readonly endings: SessionEndings,
    private readonly cache: SessionCache,
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Those that rest on a bot's token alone and were opened at `since` or later. Earlier proofs of their users
   * no longer count.
   * @returns how many have ended.
   */
  async endOfBot(bot: RevokedBot, since: Date): Promise<number> {
    return this.walk(since, async (tx, range) => {
      const now = this.clock.now();
      // Before the sessions, in the lock order of sign-ins.
      const hit = await this.endings.usersOfBot(tx, range, bot, since);
      if (hit.length > 0) await this.users.setAuthNotBeforeOfAll(tx, hit, now);
      return this.endings.endOfBot(tx, range, bot, since, now);
    });
  }

  /**
   * Those that rest on a vendor's assertion and were opened at `since` or later. @returns how many have
   * ended.
   */
  async endOfVendor(applicationId: string, since: Date): Promise<number> {
    return this.walk(since, (tx, range) =>
      this.endings.endOfVendor(tx, range, applicationId, since, this.clock.now()),
    );
  }

  /**
   * All that were opened at an instant or before, after a restore. Earlier proofs of their users no longer count.
   * @returns how many have ended.
   */
  async endOpenedUntil(instant: Date): Promise<number> {
    return this.walk(
      new Date(0),
      async (tx, range) => {
        const now = this.clock.now();
        const hit = await this.endings.usersOpenedUntil(tx, range, instant);
        if (hit.length > 0) await this.users.setAuthNotBeforeOfAll(tx, hit, now);
        return this.endings.endOpenedUntil(tx, range, instant, now);
      },
      'system',
    );
  }

  private async walk(
    since: Date,
    end: (tx: EntityManager, range: IdRange) => Promise<readonly string[]>,
    actor = operator(),
  ): Promise<number> {
    let total = 0;
    for (let above = lowestIdAt(since.getTime() - MARGIN_MS); above !== HIGHEST_ID;) {
      const range = { above, upTo: await this.endOfStep(above) };
      total += await this.step((tx) => end(tx, range), actor);
      above = range.upTo;
    }
    return total;
  }

  private async step(end: (tx: EntityManager) => Promise<readonly string[]>, actor: string): Promise<number> {
    const ended = await this.database.transaction(async (tx) => {
      const ids = await end(tx);
      const details = { reason: 'revoked' };
      const events = ids.map((subject) => ({ actor, subject, details }));
      await this.audit.recordAll(tx, 'session.ended', events);
      return ids;
    });
    for (const id of ended) this.cache.drop(id);
    return ended.length;
  }

  private async endOfStep(above: string): Promise<string> {
    const last = await this.database.read((manager) =>
      this.endings.idAfter(manager, above, ROWS_PER_STEP - 1),
    );
    return last ?? HIGHEST_ID;
  }
}

/** Below every UUIDv7 (RFC 9562 section 5.7) that was made at these milliseconds since the epoch or later. */
function lowestIdAt(milliseconds: number): string {
  const time = Math.max(0, milliseconds).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
