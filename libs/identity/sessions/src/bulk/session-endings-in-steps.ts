import { Injectable } from '@nestjs/common';
import { operator } from '@countersign/audit';
import { DAY } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { UsersService } from '@countersign/users';
import { SessionEndings, type SessionScope } from '../store/session-endings.repository';

/** Sign-ins and slides wait for the locks of a step, so it takes about a tenth of a second. */
const ROWS_PER_STEP = 1_000;

/**
 * An id is made a few statements before `created_at` on the same machine, whose clock may be set in between.
 * The ids of another day cost little.
 */
const MARGIN_MS = DAY;

const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Ends sessions for an operator, possibly most of all: in the order of their ids, each step a transaction with its audit
 * records. So no statement exceeds the timeouts, for any number of sessions, and locks are held for one step only.
 *
 * Sign-ins that open such sessions must have been stopped and awaited before: sessions opened later are not found.
 */
@Injectable()
export class SessionEndingsInSteps {
  constructor(
    private readonly database: Database,
    private readonly endings: SessionEndings,
    private readonly users: UsersService,
  ) {}

  /** Those that rest on a bot's token alone. Earlier proofs of their users no longer count. @returns how many have ended. */
  endOfBot(bot: NonNullable<SessionScope['bot']>, openedSince: Date): Promise<number> {
    return this.walk({ bot, assurances: ['bot-token'], openedSince }, true, operator());
  }

  /** Those that rest on a vendor's assertion. @returns how many have ended. */
  endOfVendor(applicationId: string, openedSince: Date): Promise<number> {
    return this.walk({ applicationId, assurances: ['vendor'], openedSince }, false, operator());
  }

  /** After a restore. @returns how many have ended. */
  endOpenedBefore(openedBefore: Date): Promise<number> {
    return this.walk({ openedBefore }, false, operator());
  }

  private async walk(scope: Omit<SessionScope, 'range'>, outdatesProofs: boolean, by: string) {
    let total = 0;
    const since = scope.openedSince?.getTime() ?? 0;
    for (let above = lowestIdAt(since - MARGIN_MS); above !== HIGHEST_ID;) {
      const range = { above, upTo: (await this.endOfStep(above)) ?? HIGHEST_ID };
      const ended = await this.database.transaction(async (tx) => {
        // Before the sessions, in the lock order of sign-ins.
        const hit = outdatesProofs ? await this.endings.usersOf(tx, { ...scope, range }) : [];
        await this.users.setAuthNotBefore(tx, ...hit);
        return this.endings.end(tx, { ...scope, range }, 'revoked', { by });
      });
      total += ended.length;
      above = range.upTo;
    }
    return total;
  }

  private endOfStep(above: string): Promise<string | null> {
    return this.database.read((manager) => this.endings.idAfter(manager, above, ROWS_PER_STEP - 1));
  }
}

/** Below every UUIDv7 (RFC 9562 section 5.7) that was made at these milliseconds since the epoch or later. */
function lowestIdAt(milliseconds: number): string {
  const time = Math.max(0, milliseconds).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
