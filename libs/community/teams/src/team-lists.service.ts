import { Injectable } from '@nestjs/common';
import { Any, type EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import { readPage, toKeyset, toPage, type Keyset, type PageQuery } from '@countersign/http';
import { MAX_OPENED, ProfilesService, type ViewingCaller } from '@countersign/account';
import { UsersService } from '@countersign/users';
import { MemberResponse, type MemberPage } from './dto/member.dto';
import { TeamResponse, type TeamPage, type TeamWithRole, type TeamsQuery } from './dto/team.dto';
import { readNamePrefix } from './team-fields';
import { TeamEntity, TeamMemberEntity } from './store/team.entity';
import { teamError } from './teams.errors';
import type { ListPosition } from './store/named-list';
import { TeamsRepository, type TeamFilter } from './store/teams.repository';

type TeamRow = TeamWithRole & Pick<TeamEntity, 'id'>;

export type WantedTeams = Pick<TeamsQuery, 'name' | 'createdBy' | 'member'>;

/** Lists teams and their members. The number of statements for a page is constant. */
@Injectable()
export class TeamListsService {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamsRepository,
    private readonly profiles: ProfilesService,
    private readonly users: UsersService,
  ) {}

  /** Shows an application the roles of `member`. */
  async list(caller: ViewingCaller, query: TeamsQuery): Promise<TeamPage> {
    const filter = await this.filterOf(caller, query);
    const roleOf = caller.userId ?? filter.members[0] ?? null;
    return readPage<TeamRow, TeamResponse>(query, TeamResponse, (keyset) =>
      this.database.read(async (manager) =>
        this.withRoles(manager, roleOf, await this.teams.list(manager, filter).after(keyset)),
      ),
    );
  }

  /** Lists teams of all applications for operators. */
  async listAll(filter: TeamFilter, keyset: Keyset): Promise<readonly TeamEntity[]> {
    const members = await Promise.all(filter.members.map((id) => this.users.resolveId(id)));
    return this.database.read((manager) => this.teams.list(manager, { ...filter, members }).after(keyset));
  }

  /** Finds a team of any application. */
  async get(teamId: string): Promise<TeamEntity> {
    const team = await this.database.read((manager) => manager.findOneBy(TeamEntity, { id: teamId }));
    if (!team) throw teamError('team.not_found');
    return team;
  }

  /** Lists by position, and counts all teams up to 10,000. */
  async listAt(
    caller: ViewingCaller,
    query: WantedTeams,
    position: ListPosition,
  ): Promise<{ readonly count: number; readonly teams: readonly TeamWithRole[] }> {
    const filter = await this.filterOf(caller, query);
    return this.database.read(async (manager) => {
      const { count, found } = await this.teams.list(manager, filter).at(manager, position);
      return { count, teams: await this.withRoles(manager, caller.userId, found) };
    });
  }

  async listMembers(teamId: string, viewer: ViewingCaller, query: PageQuery): Promise<MemberPage> {
    const keyset = toKeyset(query);
    const page = toPage(await this.membersOf(teamId, keyset), keyset.limit, userIdOf);
    return { ...page, items: await this.shown(page.items, viewer) };
  }

  async membersOf(teamId: string, keyset: Keyset): Promise<readonly TeamMemberEntity[]> {
    return this.database.read((manager) => this.teams.listMembers(manager, teamId, keyset));
  }

  private async filterOf({ applicationId, userId }: ViewingCaller, query: WantedTeams): Promise<TeamFilter> {
    const { name, createdBy, member } = query;
    const members =
      member === undefined ? [] : [...new Set([await this.users.resolveId(member.toLowerCase()), userId])];
    return {
      applicationId,
      prefix: name === undefined ? undefined : readNamePrefix(name),
      createdBy,
      members: members.filter((id) => id !== null),
    };
  }

  private async withRoles(
    manager: EntityManager,
    userId: string | null,
    teams: readonly TeamEntity[],
  ): Promise<readonly TeamRow[]> {
    const among = { userId: userId ?? '', teamId: Any(teams.map(({ id }) => id)) };
    const found = userId === null ? [] : await manager.findBy(TeamMemberEntity, among);
    const roles = new Map(found.map(({ teamId, role }) => [teamId, role]));
    return teams.map((team) => ({ id: team.id, team, role: roles.get(team.id) ?? null }));
  }

  /** A page has at most as many members as profiles can be opened at once. */
  private async shown(
    members: readonly TeamMemberEntity[],
    { applicationId }: ViewingCaller,
  ): Promise<readonly MemberResponse[]> {
    const wanted = members.map(userIdOf).slice(0, MAX_OPENED);
    const profiles = await this.profiles.openMany(wanted, { applicationId });
    return members.map((member) => MemberResponse.of(member, profiles.get(member.userId)));
  }
}

function userIdOf({ userId }: TeamMemberEntity): string {
  return userId;
}
