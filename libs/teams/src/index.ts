export { AdminTeamHistoryResponse, AdminTeamMemberResponse } from './admin/dto/member.dto';
export { AdminTeamOfUserResponse, AdminTeamResponse } from './admin/dto/team.dto';
export { TeamsFilter } from './admin/dto/teams.query';
export { TeamDirectory } from './admin/team-directory';
export { type TeamState } from './admin/team-filter';
export { TeamOperations } from './admin/team-operations';
export { TeamPatch } from './dto/team.request';
export { TeamAccess, type EnteredTeam, type LockedTeam, type TeamCaller } from './team-access';
export { CurrentTeam, TeamAct, TeamGuard } from './team-act';
export { auditActorOf, BY_OPERATOR, historyWordsOf, personOf, type TeamActor } from './team-actor';
export { TeamChannel, TEAMS_CHANNEL, type ChangedTeams } from './team-channel.repository';
export { TeamMembers, type JoiningMember, type JoinOutcome } from './team-members';
export { PartOfTeam, type LostRights, type TeamPart } from './team-part';
export { TeamRecords, type JoinedHow, type NewHistoryEntry } from './team-records';
export {
  allowedText,
  declarationOf,
  givenRoles,
  isAbove,
  mayDo,
  teamActNames,
  teamRoles,
  type GivenRole,
  type TeamActName,
  type TeamRole,
} from './team-roles';
export { teamError } from './teams.errors';
export { TeamsModule } from './teams.module';
export { TeamUpkeep } from './team-upkeep';
export { TeamEntity } from './team.entity';
export { TeamMemberEntity } from './team-member.entity';
