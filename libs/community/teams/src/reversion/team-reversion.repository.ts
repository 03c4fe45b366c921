import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { WantedOrigins } from '@countersign/applications';
import { rows } from '@countersign/database';
import { membershipActions, type MembershipWords } from './roles-at';
import type { TeamHistoryAction } from '../store/team-history.entity';

/** An entry of the history that changed a membership. */
export interface MembershipEntry extends MembershipWords {
  readonly id: string;
  readonly userId: string;
}

/** A reversion of a team. */
interface EarlierReversion {
  readonly at: Date;
  readonly to: Date;
}

/** Acts in one team that rest on a bot's token or on a vendor's secret. */
export interface ChangedTeam {
  readonly teamId: string;
  readonly applicationId: string;
  readonly ownerId: string;
  readonly acts: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly actions: readonly TeamHistoryAction[];
}

/** Erased accounts have no entries any more. */
const MEMBERSHIPS_SINCE = `
  SELECT id, action, subject_id AS "userId", details ->> 'role' AS role, details ->> 'before' AS before,
    details ->> 'how' AS how
  FROM team_history
  WHERE team_id = $1 AND at >= $2::timestamptz AND subject_id IS NOT NULL
    AND action = ANY($3::text[])
  ORDER BY id`;

const REVERSIONS_SINCE = `
  SELECT at, (details ->> 'to')::timestamptz AS "to" FROM team_history
  WHERE team_id = $1 AND at >= $2::timestamptz AND action = 'reverted' ORDER BY at DESC, id DESC`;

const CHANGED = `
  SELECT teams.id AS "teamId", teams.application_id AS "applicationId", teams.owner_id AS "ownerId",
    count(*)::int AS acts, min(entries.at) AS "firstAt", max(entries.at) AS "lastAt",
    array_agg(DISTINCT entries.action ORDER BY entries.action) AS actions
  FROM team_history entries JOIN teams ON teams.id = entries.team_id
  WHERE entries.origin = ANY($1::text[]) AND entries.at >= $2::timestamptz
    AND (entries.origin = $3 OR teams.application_id = $4)
  GROUP BY teams.id ORDER BY min(entries.at), teams.id`;

/** Reads the history of teams for the recovery after a leak. */
@Injectable()
export class TeamReversionRepository {
  /** Changes of memberships at an instant or later. */
  async membershipsSince(
    manager: EntityManager,
    teamId: string,
    instant: Date,
  ): Promise<readonly MembershipEntry[]> {
    return rows(manager, MEMBERSHIPS_SINCE, [teamId, instant, membershipActions]);
  }

  /** The state before an instant that a team has again since then; `null` where it was not reverted to one. */
  async revertedTo(manager: EntityManager, teamId: string, instant: Date): Promise<Date | null> {
    let until = Infinity;
    for (const { at, to } of await rows<EarlierReversion>(manager, REVERSIONS_SINCE, [teamId, instant])) {
      // It was undone by a later one.
      if (at.getTime() >= until) continue;
      if (to <= instant) return to;
      until = to.getTime();
    }
    return null;
  }

  /** The team that was changed first comes first. */
  async listChanged(
    manager: EntityManager,
    { name, within, applicationId }: WantedOrigins,
    since: Date,
  ): Promise<readonly ChangedTeam[]> {
    const origins = name === null ? within : [name, ...within];
    return rows(manager, CHANGED, [origins, since, name, applicationId]);
  }
}
