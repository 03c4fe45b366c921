import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { AddsClaims } from '@countersign/issuer';
import type { Principal } from '@countersign/sessions';
import { TeamsRepository } from '../store/teams.repository';

/** Teams as groups of the OpenID provider, by their ids: any person can give a team the name of another group. */
@Injectable()
@AddsClaims({ scope: 'groups', claims: ['groups'], words: 'your teams and your roles in them' })
export class TeamClaims {
  constructor(
    private readonly database: Database,
    private readonly teams: TeamsRepository,
  ) {}

  async claimsOf(caller: Principal): Promise<{ readonly groups: readonly string[] }> {
    const memberships = await this.database.read((manager) => this.teams.membershipsOf(manager, caller));
    return { groups: memberships.flatMap(({ teamId, role }) => [teamId, `${teamId}:${role}`]) };
  }
}
