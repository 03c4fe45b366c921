import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { MAX_PROOF_AGE_SECONDS } from '@countersign/applications';
import { Clock, DAY, SECOND, utcDayOf, plusSeconds } from '@countersign/runtime';
import { SessionsService, ENDED_SESSION_DAYS } from '@countersign/sessions';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type Reading,
  type LockedUser,
} from '@countersign/users';
import { AgreedClock, DayPartitions, Recurring } from '@countersign/database';
import { ProofsRepository } from './proofs.repository';

const UNDATED = 'infinity';
const MAX_PROOF_AGE_DAYS = (MAX_PROOF_AGE_SECONDS * SECOND) / DAY;

/** Accepted proofs of an account. Their sessions, which keep their ids in a merge, lead to them. */
@Injectable()
@HasAccountData('proofs')
export class ProofsAccountData implements AccountData {
  constructor(
    private readonly proofs: ProofsRepository,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
  ) {}

  /** Deletes only answered pairs. The proofs are digests; without them, a used proof would create the account again. */
  async erase(tx: EntityManager, { userId }: LockedUser): Promise<void> {
    await this.proofs.deletePairsOf(tx, await this.sessions.idsOf(tx, userId));
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'proofs',
        meaning:
          'Proofs of identity that were accepted, to refuse them when they are presented by others. Of each only a ' +
          'digest is stored, which is left out.',
        retention: `Until no application accepts them any more: at most ${MAX_PROOF_AGE_DAYS} days after their date, and a day. Those without a date stay.`,
        items: this.items(read, person),
      },
    ];
  }

  private async *items(read: Reading, { userId }: ExportedPerson): AsyncGenerator<object> {
    const ids = await read((manager) => this.sessions.idsOf(manager, userId));
    if (ids.length === 0) return;
    for (const day of this.days())
      for (const { sessionId, issuedAt, isNewUser, isUse } of await read((manager) =>
        this.proofs.listOfSessions(manager, day, ids),
      ))
        yield {
          signedOn: day === UNDATED ? null : day,
          sessionId,
          kind: isUse ? 'act' : 'sign-in',
          answeredAt: issuedAt.toISOString(),
          createdAccount: isNewUser,
        };
  }

  /** All days that have a partition, and the one for undated proofs. */
  private days(): readonly string[] {
    const today = Math.floor(this.clock.now().getTime() / DAY);
    const days = Array.from(
      { length: Math.ceil(MAX_PROOF_AGE_DAYS) + 3 },
      (_, index) => (today + 1 - index) * DAY,
    );
    return [...days.map((at) => utcDayOf(new Date(at))).toReversed(), UNDATED];
  }
}

/** Creates tomorrow's partition of the proofs, and drops those that no application accepts any more. */
@Injectable()
@Recurring({
  name: 'proof-upkeep',
  cron: '7 * * * *',
  everyMinutes: 60,
  removes: {
    proofs: `${MAX_PROOF_AGE_DAYS} days, the longest age of a proof, and a day; those without a date permanently`,
  },
})
export class ProofUpkeep {
  constructor(
    private readonly partitions: DayPartitions,
    private readonly proofs: ProofsRepository,
    private readonly clock: AgreedClock,
  ) {}

  /** @returns the dropped partitions */
  async run(): Promise<readonly string[]> {
    const now = await this.clock.now();
    await this.partitions.ensureWeek('proofs', now);
    await this.proofs.useUpEnded(new Date(now.getTime() - (ENDED_SESSION_DAYS + 1) * DAY));
    return this.partitions.dropBefore(
      'proofs',
      new Date(plusSeconds(now, -MAX_PROOF_AGE_SECONDS).getTime() - DAY),
    );
  }
}
