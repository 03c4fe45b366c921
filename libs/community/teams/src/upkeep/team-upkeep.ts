import { Injectable } from '@nestjs/common';
import { DAY, MINUTE } from '@countersign/clock';
import { AgreedClock, Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { TeamErasure } from '../account-data/team-erasure';
import { RESTORABLE_DAYS } from '../team-ownership.service';
import type { TeamEntity } from '../store/team.entity';
import { TeamMembersRepository } from '../store/team-members.repository';
import { TeamsRepository } from '../store/teams.repository';

const BATCH = 1_000;
const TEAMS = 100;
/** Clocks of replicas differ: a team is erased only when no replica can still restore it. */
const MARGIN_MS = MINUTE;

/** Erases teams that can no longer be restored. */
@Injectable()
@Recurring({
  name: 'team-upkeep',
  cron: '37 * * * *',
  everyMinutes: 60,
  removes: {
    unit: 'rows',
    retention: { 'deleted teams': `${RESTORABLE_DAYS} days` },
  },
})
export class TeamUpkeep {
  constructor(
    private readonly database: Database,
    private readonly members: TeamMembersRepository,
    private readonly teams: TeamsRepository,
    private readonly erasure: TeamErasure,
    private readonly clock: AgreedClock,
  ) {}

  /**
   * Deletes in batches, each in its own transaction: a large team holds no lock for long.
   * @returns how many rows were deleted
   * @throws AppError service.unavailable when the clock is wrong
   */
  async run(): Promise<number> {
    const now = await this.clock.now();
    const before = new Date(now.getTime() - RESTORABLE_DAYS * DAY - MARGIN_MS);
    for (let total = 0; ;) {
      const due = await this.database.read((manager) => this.teams.listDeleted(manager, before, TEAMS));
      for (const teamId of due) total += await this.erase(teamId, before);
      if (due.length < TEAMS) return total;
    }
  }

  private async erase(teamId: string, before: Date): Promise<number> {
    for (let total = 0; ;) {
      const { deleted, isGone } = await this.database.transaction(async (tx) => {
        const team = await this.teams.lock(tx, teamId);
        if (!team || !isDeletedBefore(team, before)) return { deleted: 0, isGone: true };
        const members = await this.members.deleteSome(tx, teamId, BATCH);
        const isLast = members < BATCH;
        if (isLast) await this.erasure.erase(tx, team);
        return { deleted: members + (isLast ? 2 : 0), isGone: isLast };
      });
      total += deleted;
      if (isGone) return total;
    }
  }
}

function isDeletedBefore({ deletedAt }: TeamEntity, before: Date): boolean {
  return deletedAt !== null && deletedAt < before;
}
