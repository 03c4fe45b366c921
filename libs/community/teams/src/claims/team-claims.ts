import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, NotifiedCache, Notifications } from '@countersign/database';
import { AddsIdentityClaims, type IdentityClaimSource, type MintedToken } from '@countersign/issuer';
import type { Principal } from '@countersign/sessions';
import { TeamEntity } from '../store/team.entity';
import { TeamMembersRepository, type TeamClaim } from '../store/team-members.repository';
import { TEAMS_CHANNEL } from '../store/teams.repository';
import { RecentChanges } from './recent-changes';

/** How many teams an identity token names. */
const MAX_CLAIMED_TEAMS = 20;

const FRESH_SECONDS = 60;
const MAX_APPLICATIONS = 10_000;

/**
 * The claim `teams` of identity tokens: the person's teams in the application of the session, read when a token is made.
 * A notification per person or per team invalidates older tokens; deleting a team of many members sends one. Tokens for
 * applications without teams have no such claim, and stay valid after a gap in the notifications.
 */
@Injectable()
@AddsIdentityClaims('teams', 'teamsTruncated')
export class TeamClaims implements IdentityClaimSource {
  private readonly changes: RecentChanges;
  /** By `application:<id>`; `null` for those without teams, whose tokens have no claim and cost no statement. */
  private readonly withTeams: NotifiedCache<object>;

  constructor(
    private readonly notifications: Notifications,
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly members: TeamMembersRepository,
    configuration: Configuration,
  ) {
    this.changes = new RecentChanges(configuration.identityTokenLifetime);
    this.withTeams = new NotifiedCache(notifications, clock, {
      channel: TEAMS_CHANNEL,
      read: (key) => this.readApplication(key),
      freshSeconds: FRESH_SECONDS,
      entries: MAX_APPLICATIONS,
    });
    notifications.subscribe(TEAMS_CHANNEL, {
      onMessage: (message) => {
        this.note(message);
      },
      onGap: () => {
        this.changes.noteEverything(this.now());
      },
    });
  }

  async read({ userId, applicationId }: Principal): Promise<Readonly<Record<string, unknown>>> {
    if (!(await this.withTeams.get(`application:${applicationId}`))) return {};
    const person = { userId, applicationId };
    const found = await this.database.read((manager) =>
      this.members.claimsOf(manager, person, MAX_CLAIMED_TEAMS + 1),
    );
    const teams = found.slice(0, MAX_CLAIMED_TEAMS);
    return found.length > teams.length ? { teams, teamsTruncated: true } : { teams };
  }

  isCurrent({ principal: { userId }, issuedAt, added }: MintedToken): boolean {
    if (this.changes.isSince(issuedAt, userId)) return false;
    // Our own token: `read` made the claim.
    const teams = added['teams'] as readonly TeamClaim[] | undefined;
    if (teams === undefined) return true;
    if (!this.notifications.isLive || this.changes.isSinceEverything(issuedAt)) return false;
    for (const { id } of teams) if (this.changes.isSince(issuedAt, id)) return false;
    return true;
  }

  private async readApplication(key: string): Promise<object | null> {
    const applicationId = key.slice('application:'.length);
    const hasTeams = await this.database.read((manager) => manager.existsBy(TeamEntity, { applicationId }));
    return hasTeams ? {} : null;
  }

  /** An unknown message invalidates all tokens with the claim. */
  private note(message: string): void {
    const [, kind, id] = /^(user|team|application):([0-9a-f-]{36})$/.exec(message) ?? [];
    if (id === undefined) this.changes.noteEverything(this.now());
    else if (kind !== 'application') this.changes.note(id, this.now());
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}
