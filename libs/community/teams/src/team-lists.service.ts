import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '@countersign/database';
import { toKeyset, toPage, type Page, type PageQuery } from '@countersign/http';
import { MAX_OPENED, ProfilesService, type ViewingCaller } from '@countersign/profiles';
import { UsersService } from '@countersign/users';
import type { ShownMember } from './dto/member.dto';
import type { TeamWithRole } from './dto/team.response';
import type { MembersQuery, TeamsQuery } from './dto/teams.query';
import { readNamePrefix } from './team-fields';
import type { TeamHistoryEntity } from './store/team-history.entity';
import { TeamHistoryRepository } from './store/team-history.repository';
import type { TeamMemberEntity } from './store/team-member.entity';
import { TeamMembersRepository } from './store/team-members.repository';
import type { TeamRole } from './team-roles';
import { teamError } from './teams.errors';
import { TeamsRepository, type TeamFilter } from './store/teams.repository';

/** A person in one application. */
interface PersonHere {
  readonly userId: string;
  readonly applicationId: string;
}

/** Lists of teams, of their members and of their history. Each page takes a number of statements that does not grow. */
@Injectable()
export class TeamListsService {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamsRepository,
    private readonly members: TeamMembersRepository,
    private readonly history: TeamHistoryRepository,
    private readonly profiles: ProfilesService,
    private readonly users: UsersService,
  ) {}

  /** Teams of the caller's application. @throws AppError request.invalid */
  async list(caller: ViewingCaller, query: TeamsQuery): Promise<Page<TeamWithRole>> {
    const { applicationId, userId } = caller;
    const { createdBy, member } = query;
    const members = new Set([member, member === undefined ? undefined : userId]);
    return this.page(query, userId, {
      applicationId,
      prefix: query.name === undefined ? undefined : readNamePrefix(query.name),
      createdBy,
      members: [...members].filter((id) => typeof id === 'string'),
    });
  }

  /** The caller's own teams, deleted ones that they can restore included. */
  async listOwn({ userId, applicationId }: PersonHere, query: PageQuery): Promise<Page<TeamWithRole>> {
    return this.page(query, userId, { applicationId, members: [userId], withDeletedOf: userId });
  }

  /** A person's teams in the application, for the application itself. */
  async listOf({ userId, applicationId }: PersonHere, query: PageQuery): Promise<Page<TeamWithRole>> {
    const currentId = await this.users.resolveId(userId);
    return this.page(query, currentId, { applicationId, members: [currentId] });
  }

  async listMembers(teamId: string, viewer: ViewingCaller, query: MembersQuery): Promise<Page<ShownMember>> {
    const keyset = toKeyset(query);
    const found = await this.database.read((manager) =>
      this.members.list(manager, teamId, query.role, keyset),
    );
    const page = toPage(found, keyset.limit, userIdOf, (member) => member);
    return { ...page, items: await this.shown(page.items, viewer) };
  }

  /** @throws AppError team.member_not_found */
  async getMember(teamId: string, userId: string, viewer: ViewingCaller): Promise<ShownMember> {
    const member = await this.database.read((manager) => this.members.find(manager, teamId, userId));
    const [shown] = member ? await this.shown([member], viewer) : [];
    if (!shown) throw teamError('team.member_not_found');
    return shown;
  }

  async listHistory(teamId: string, query: PageQuery): Promise<Page<TeamHistoryEntity>> {
    const keyset = toKeyset(query);
    const found = await this.database.read((manager) => this.history.list(manager, teamId, keyset));
    return toPage(
      found,
      keyset.limit,
      ({ id }) => id,
      (entry) => entry,
    );
  }

  /** @param roleOf whose roles are shown */
  private async page(
    query: PageQuery,
    roleOf: string | null,
    filter: TeamFilter,
  ): Promise<Page<TeamWithRole>> {
    const keyset = toKeyset(query);
    return this.database.read(async (manager) => {
      const teams = await this.teams.list(manager, filter, keyset);
      const roles = await this.rolesOf(
        manager,
        roleOf,
        teams.map(({ id }) => id),
      );
      return toPage(
        teams,
        keyset.limit,
        ({ id }) => id,
        (team) => ({ team, role: roles.get(team.id) ?? null }),
      );
    });
  }

  private async rolesOf(manager: EntityManager, userId: string | null, teamIds: readonly string[]) {
    return userId === null ? new Map<string, TeamRole>() : this.members.rolesIn(manager, userId, teamIds);
  }

  /** A page has at most as many members as profiles can be opened at once. */
  private async shown(
    members: readonly TeamMemberEntity[],
    { applicationId }: ViewingCaller,
  ): Promise<readonly ShownMember[]> {
    const wanted = members.map(userIdOf).slice(0, MAX_OPENED);
    const profiles = await this.profiles.openMany(wanted, { applicationId });
    return members.map((member) => ({ member, profile: profiles.get(member.userId) ?? null }));
  }
}

function userIdOf({ userId }: TeamMemberEntity): string {
  return userId;
}
