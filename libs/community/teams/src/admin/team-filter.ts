import type { TeamMemberEntity } from '../store/team-member.entity';
import type { TeamEntity } from '../store/team.entity';

export const teamStates = ['active', 'deleted'] as const;
/** `deleted`: it can be restored for seven days. */
export type TeamState = (typeof teamStates)[number];

/** Which teams an operator asks for. */
export interface TeamFilter {
  readonly applicationId?: string | undefined;
  /** How their names begin, in upper or lower case; with `applicationId` only. */
  readonly name?: string | undefined;
  readonly ownerId?: string | undefined;
  readonly memberId?: string | undefined;
  readonly state?: TeamState | undefined;
}

/** As stored: the name folded, the accounts those that survived merges. */
export interface WantedTeams extends Omit<TeamFilter, 'name'> {
  readonly nameKey: string | undefined;
}

/** A team of a person, with the person's membership. */
export interface TeamOfUser {
  readonly team: TeamEntity;
  readonly membership: TeamMemberEntity;
}
