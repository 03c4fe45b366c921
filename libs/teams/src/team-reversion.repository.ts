import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import type { TeamHistoryAction } from './team-history.entity';
import type { TeamRole } from './team-roles';

/** An entry of the history that changed a membership. */
export interface MembershipEntry {
  readonly action: Extract<
    TeamHistoryAction,
    'created' | 'joined' | 'left' | 'removed' | 'role_changed' | 'ownership_transferred'
  >;
  readonly userId: string;
  /** That the entry gave; of joining and of changed roles. */
  readonly role: TeamRole | null;
  /** Absent in entries of versions that did not record it. */
  readonly before: TeamRole | null;
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

/** Which acts are wanted: all with `name`, and in the application those with one of `within`. */
export interface WantedOrigins {
  readonly name: string | null;
  readonly within: readonly string[];
  readonly applicationId: string;
}

/** Erased accounts have no entries any more. */
const MEMBERSHIPS_SINCE = `
  SELECT action, subject_id AS "userId", details ->> 'role' AS role, details ->> 'before' AS before
  FROM team_history
  WHERE team_id = $1 AND at >= $2::timestamptz AND subject_id IS NOT NULL
    AND action IN ('created', 'joined', 'left', 'removed', 'role_changed', 'ownership_transferred')
  ORDER BY id`;

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
    return rows(manager, MEMBERSHIPS_SINCE, [teamId, instant]);
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
