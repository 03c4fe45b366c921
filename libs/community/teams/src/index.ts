export { teamEvents, teamFields, teamSettings } from './teams.feature';
export { TeamOwnership } from './team-ownership.service';
export { CreateTeamRequest, type TeamWithRole } from './dto/team.dto';
export { TeamAccess, type TeamOfCaller } from './access/team-access';
export { roleActs } from './access/team-acts';
export { CurrentTeam, TeamAct } from './access/team-act';
export {
  auditActorOf,
  BY_OPERATOR,
  type TeamActor,
  ListensToTeams,
  type LostRights,
  type OnTeamChange,
} from './team-records';
export { TeamMembers } from './members.service';
export {
  declarationOf,
  givenRoles,
  isAbove,
  mayDo,
  teamActNames,
  teamRoles,
  type GivenRole,
  type TeamActName,
} from './team-roles';
export { changedFields, readNamePrefix, readTeamFields, TeamFields } from './team-fields';
export { TeamListsService, type WantedTeams } from './team-lists.service';
export { NamedList, type ListPosition } from './store/named-list';
export { teamError } from './teams.errors';
export { TeamsModule } from './teams.module';
export { TeamsService } from './teams.service';
