import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import { readPage, toKeyset, toPage, type PageQuery } from '@countersign/http';
import { MAX_OPENED, ProfilesService, type ViewingCaller } from '@countersign/profiles';
import { UsersService } from '@countersign/users';
import { MemberResponse, type MemberPage } from './dto/member.dto';
import { TeamResponse, type TeamPage, type TeamWithRole } from './dto/team.response';
import { readNamePrefix } from './team-fields';
import type { TeamEntity } from './store/team.entity';
import type { TeamMemberEntity } from './store/team-member.entity';
import { TeamMembersRepository } from './store/team-members.repository';
import type { TeamRole } from './team-roles';
import { TeamsRepository, type ListPosition, type TeamFilter } from './store/teams.repository';
import type { TeamsQuery } from './dto/team.request';

/** A person in one application. */
interface PersonHere {
  readonly userId: string;
  readonly applicationId: string;
}

/** A team as pages need it. */
type TeamRow = TeamWithRole & Pick<TeamEntity, 'id'>;

/** Which teams are wanted. */
export type WantedTeams = Pick<TeamsQuery, 'name' | 'createdBy' | 'member'>;

/** Lists of teams and of their members. Each page takes a number of statements that does not grow. */
@Injectable()
export class TeamListsService {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamsRepository,
    private readonly members: TeamMembersRepository,
    private readonly profiles: ProfilesService,
    private readonly users: UsersService,
  ) {}

  /** Teams of the caller's application. @throws AppError request.invalid */
  async list(caller: ViewingCaller, query: TeamsQuery): Promise<TeamPage> {
    return this.page(query, caller.userId, filterOf(caller, query));
  }

  /** As `list`, by position: the cost grows with it. @throws AppError request.invalid */
  async listAt(
    caller: ViewingCaller,
    query: WantedTeams,
    position: ListPosition,
  ): Promise<readonly TeamWithRole[]> {
    const filter = filterOf(caller, query);
    return this.database.read(async (manager) =>
      this.withRoles(manager, caller.userId, await this.teams.listAt(manager, filter, position)),
    );
  }

  /** Of `list`, up to 10,000. @throws AppError request.invalid */
  async count(caller: ViewingCaller, query: WantedTeams): Promise<number> {
    const filter = filterOf(caller, query);
    return this.database.read((manager) => this.teams.count(manager, filter));
  }

  /** The caller's own teams. */
  async listOwn({ userId, applicationId }: PersonHere, query: PageQuery): Promise<TeamPage> {
    return this.page(query, userId, { applicationId, members: [userId] });
  }

  /** A person's teams in the application, for the application itself. */
  async listOf({ userId, applicationId }: PersonHere, query: PageQuery): Promise<TeamPage> {
    const currentId = await this.users.resolveId(userId);
    return this.page(query, currentId, { applicationId, members: [currentId] });
  }

  async listMembers(teamId: string, viewer: ViewingCaller, query: PageQuery): Promise<MemberPage> {
    const keyset = toKeyset(query);
    const found = await this.database.read((manager) => this.members.list(manager, teamId, keyset));
    const page = toPage(found, keyset.limit, userIdOf, (member) => member);
    return { ...page, items: await this.shown(page.items, viewer) };
  }

  /** The first ones, in the order of their ids. */
  async listMemberIds(teamId: string, limit: number): Promise<readonly string[]> {
    const keyset = { limit, afterId: null };
    const found = await this.database.read((manager) => this.members.list(manager, teamId, keyset));
    return found.slice(0, limit).map(userIdOf);
  }

  /** @param roleOf whose roles are shown */
  private async page(query: PageQuery, roleOf: string | null, filter: TeamFilter): Promise<TeamPage> {
    return readPage<TeamRow, TeamResponse>(query, TeamResponse, (keyset) =>
      this.database.read(async (manager) =>
        this.withRoles(manager, roleOf, await this.teams.list(manager, filter, keyset)),
      ),
    );
  }

  private async withRoles(
    manager: EntityManager,
    userId: string | null,
    teams: readonly TeamEntity[],
  ): Promise<readonly TeamRow[]> {
    const ids = teams.map(({ id }) => id);
    const roles =
      userId === null ? new Map<string, TeamRole>() : await this.members.rolesIn(manager, userId, ids);
    return teams.map((team) => ({ id: team.id, team, role: roles.get(team.id) ?? null }));
  }

  /** A page has at most as many members as profiles can be opened at once. */
  private async shown(
    members: readonly TeamMemberEntity[],
    { applicationId }: ViewingCaller,
  ): Promise<readonly MemberResponse[]> {
    const wanted = members.map(userIdOf).slice(0, MAX_OPENED);
    const profiles = await this.profiles.openMany(wanted, { applicationId });
    return members.map((member) =>
      MemberResponse.of({ member, profile: profiles.get(member.userId) ?? null }),
    );
  }
}

/** @throws AppError request.invalid */
function filterOf({ applicationId, userId }: ViewingCaller, query: WantedTeams): TeamFilter {
  const { name, createdBy, member } = query;
  const members = new Set([member, member === undefined ? undefined : userId]);
  return {
    applicationId,
    prefix: name === undefined ? undefined : readNamePrefix(name),
    createdBy,
    members: [...members].filter((id) => typeof id === 'string'),
  };
}

function userIdOf({ userId }: TeamMemberEntity): string {
  return userId;
}
