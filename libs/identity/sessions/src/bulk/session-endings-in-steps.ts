import { Injectable } from '@nestjs/common';
import { operator } from '@countersign/audit';
import { DAY } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { UsersService } from '@countersign/users';
import { SessionEndings, type SessionScope } from '../store/session-endings.repository';

/** Sign-ins and slides wait for the locks of a step, which takes about a tenth of a second. */
const ROWS_PER_STEP = 1_000;

/** An id is made shortly before `created_at`. The clock may be set in between, so a day more of ids is read. */
const MARGIN_MS = DAY;

const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Ends many sessions for an operator, in the order of their ids. Each step is a transaction with its own audit records,
 * so no statement times out, and locks last for one step only.
 *
 * It finds the sessions that exist at the call, and no later sessions.
 */
@Injectable()
export class SessionEndingsInSteps {
  constructor(
    private readonly database: Database,
    private readonly endings: SessionEndings,
    private readonly users: UsersService,
  ) {}

  /** Ends sessions that rest on a bot's token alone, and outdates proofs of their users. @returns how many ended */
  endOfBot(bot: NonNullable<SessionScope['bot']>, openedSince: Date): Promise<number> {
    return this.walk({ bot, assurances: ['bot-token'], openedSince }, true, operator());
  }

  /** Ends sessions that rest on a vendor's assertion. @returns how many ended */
  endOfVendor(applicationId: string, openedSince: Date): Promise<number> {
    return this.walk({ applicationId, assurances: ['vendor'], openedSince }, false, operator());
  }

  /** For use after a restore. @returns how many ended */
  endOpenedBefore(openedBefore: Date): Promise<number> {
    return this.walk({ openedBefore }, false, operator());
  }

  private async walk(scope: Omit<SessionScope, 'range'>, outdatesProofs: boolean, by: string) {
    let total = 0;
    const since = scope.openedSince?.getTime() ?? 0;
    for (let above = lowestIdAt(since - MARGIN_MS); above !== HIGHEST_ID;) {
      const range = { above, upTo: (await this.endOfStep(above)) ?? HIGHEST_ID };
      const ended = await this.database.transaction(async (tx) => {
        // Users are locked before sessions, in the lock order of sign-ins.
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

/** The id is below every UUIDv7 (RFC 9562 section 5.7) of this or a later time. @param milliseconds since the epoch */
function lowestIdAt(milliseconds: number): string {
  const time = Math.max(0, milliseconds).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}
