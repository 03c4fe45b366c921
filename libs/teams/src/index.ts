export { TeamAccess, type EnteredTeam, type LockedTeam, type TeamCaller } from './team-access';
export { CurrentTeam, TeamAct, TeamGuard } from './team-act';
export { TeamChannel, TEAMS_CHANNEL, type ChangedTeams } from './team-channel.repository';
export { TeamMembers, type JoiningMember, type JoinOutcome } from './team-members';
export { PartOfTeam, type LostRights, type TeamPart } from './team-part';
export { TeamRecords, type JoinedHow, type NewHistoryEntry } from './team-records';
export {
  givenRoles,
  isAbove,
  teamRoles,
  type GivenRole,
  type TeamActName,
  type TeamRole,
} from './team-roles';
export { teamError } from './teams.errors';
export { TeamsModule } from './teams.module';
export { TeamsPart } from './teams-part';
export { TeamUpkeep } from './team-upkeep';
export { TeamEntity } from './team.entity';
export { TeamMemberEntity } from './team-member.entity';
export { allowedText, declarationOf, mayDo, teamActNames } from './team-roles';
