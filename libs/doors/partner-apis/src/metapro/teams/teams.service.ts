import { Injectable } from '@nestjs/common';
import { AppError } from '@countersign/text';
import { readInput } from '@countersign/http';
import type { Principal } from '@countersign/sessions';
import {
  CreateTeamRequest,
  TeamAccess,
  teamError,
  TeamListsService,
  TeamsService,
  type TeamWithRole,
  type WantedTeams,
  teamPermissions,
} from '@countersign/teams';
import { MetaproProjects } from '../metapro-projects';
import { ListQuery, UUID } from '../protocol/list-query';
import { MetaproPeople, WALLET } from '../users/people.service';
import type { MetaproTeamRequest, MetaproTeamResponse, MetaproTeamsResponse } from './teams.dto';

const MAX_MEMBERS = 100;
const NAME = /^.{2,100}$/su;

/** Applies the native rules for teams. Without a token, a caller sees no person. */
@Injectable()
export class MetaproTeams {
  constructor(
    private readonly projects: MetaproProjects,
    private readonly teams: TeamsService,
    private readonly lists: TeamListsService,
    private readonly access: TeamAccess,
    private readonly people: MetaproPeople,
  ) {}

  async list(query: unknown, caller: Principal | undefined): Promise<MetaproTeamsResponse> {
    const read = new ListQuery(query);
    const position = { ...read.slice(), isOldestFirst: read.isAscending('createdAt') };
    const teamId = read.text('teamId', UUID);
    if (teamId !== undefined) {
      const one = await unlessOfTeam(this.get(teamId, query, caller));
      return { count: one ? 1 : 0, results: one ? [one] : [] };
    }
    const wanted = await this.wantedBy(read, caller);
    const viewer = await this.viewerOf(query, caller);
    if (!wanted) return { count: 0, results: [] };
    const { count, teams } = await this.lists.listAt(viewer, wanted, position);
    const results = teams.map((each) =>
      toTeamObject(each, caller ? (each.role === null ? [] : [caller.userId]) : null),
    );
    return { count, results };
  }

  async get(teamId: string, query: unknown, caller: Principal | undefined): Promise<MetaproTeamResponse> {
    const viewer = await this.viewerOf(query, caller);
    if (!UUID.test(teamId)) throw teamError('team.not_found');
    const id = teamId.toLowerCase();
    const found = await this.access.authorise(viewer, id, teamPermissions.teamRead);
    if (!caller) return toTeamObject(found, null);
    return toTeamObject(found, await this.membersShownTo(caller, id));
  }

  async create(caller: Principal, body: MetaproTeamRequest): Promise<MetaproTeamResponse> {
    const { name, description, logo, banner, website, socialMedia } = body;
    const request = readInput(CreateTeamRequest, {
      name,
      description,
      logoUrl: logo,
      bannerUrl: banner,
      websiteUrl: website,
      socialLinks: socialMedia?.split(/\s+/).filter((link) => link !== ''),
    });
    return toTeamObject(await this.teams.create(caller, request), [caller.userId]);
  }

  async isAvailable({ applicationId }: Principal, name: string): Promise<boolean> {
    return (await this.teams.availability(applicationId, name)).isAvailable;
  }

  /** Returns `null` if no team can match. Filters by persons need a token. */
  private async wantedBy(read: ListQuery, caller: Principal | undefined): Promise<WantedTeams | null> {
    const name = read.text('name', NAME);
    const createdBy = read.text('createdBy', UUID)?.toLowerCase();
    const userId = read.text('userId', UUID)?.toLowerCase();
    const address = read.text('address', WALLET);
    const named = name === undefined ? {} : { name };
    if ((createdBy ?? userId ?? address) === undefined) return named;
    if (!caller) return null;
    // Only people who show something are found, so a shared team does not reveal the owner of a wallet.
    const [owner] = address === undefined ? [] : await this.people.lookUp(caller, [{ wallet: address }]);
    if (address !== undefined && (!owner || (userId ?? owner.userId) !== owner.userId)) return null;
    const member = owner?.userId ?? userId;
    return { ...named, ...(createdBy ? { createdBy } : {}), ...(member ? { member } : {}) };
  }

  private async membersShownTo(caller: Principal, teamId: string): Promise<readonly string[]> {
    const allowed = await unlessOfTeam(this.access.authorise(caller, teamId, teamPermissions.membersList));
    if (!allowed) return [];
    const first = await this.lists.membersOf(teamId, { afterId: null, limit: MAX_MEMBERS - 1 });
    return first.map(({ userId }) => userId);
  }

  private async viewerOf(query: unknown, caller: Principal | undefined) {
    return caller ?? { applicationId: (await this.projects.ofQuery(query)).id, userId: null };
  }
}

async function unlessOfTeam<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    const isRefusal = error instanceof AppError && /^team\.|^auth\.assurance_too_low$/.test(error.code);
    if (isRefusal) return null;
    throw error;
  }
}

/** @param memberIds is `null` without a token; then the answer names no person */
function toTeamObject(
  { team }: Pick<TeamWithRole, 'team'>,
  memberIds: readonly string[] | null,
): MetaproTeamResponse {
  return {
    teamId: team.id,
    name: team.name,
    logo: team.logoUrl ?? '',
    banner: team.bannerUrl ?? '',
    description: team.description ?? '',
    website: team.websiteUrl ?? '',
    socialMedia: team.socialLinks.join(' '),
    createdBy: (memberIds && team.createdBy) ?? '',
    createdAt: team.createdAt.toISOString(),
    updatedAt: team.updatedAt.toISOString(),
    members: (memberIds ?? []).map((userId) => ({ address: '', userId })),
  };
}
