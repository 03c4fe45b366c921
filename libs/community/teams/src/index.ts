export { teamEvents, teamFields, teamSettings } from './teams.feature';
export { TeamOwnership } from './team-ownership.service';
export { CreateTeamRequest, type TeamWithRole } from './dto/team.dto';
export { TeamAccess, type TeamOfCaller } from './access/team-access';
export { teamOperations } from './access/team-operations';
export { CurrentTeam, TeamRoute } from './access/team-route';
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
  givenRoles,
  isAbove,
  hasPermission,
  teamPermissions,
  teamRoles,
  type GivenRole,
  type TeamPermission,
} from './team-roles';
export { changedFields, readNamePrefix, readTeamFields, TeamFields } from './team-fields';
export { TeamListsService, type WantedTeams } from './team-lists.service';
export { NamedList, type ListPosition } from './store/named-list';
export { ShownEntity } from './store/team.entity';
export { teamError } from './teams.errors';
export { TeamsModule } from './teams.module';
export { TeamsService } from './teams.service';
