import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor } from '@countersign/audit';
import { afterCommit } from '@countersign/database';
import { Metrics, type CountBy } from '@countersign/observability';
import { UsersService } from '@countersign/users';
import { auditActorOf, auditWordsOf, type TeamActor } from './access/team-actor';
import type { TeamRole } from './team-roles';
import type { TeamEntity } from './store/team.entity';

/** The channel for changes of what identity tokens say about teams. A message is one `ChangedTeams`. */
export const TEAMS_CHANNEL = 'countersign_teams_changed';

/**
 * `user`: memberships or roles of one person. `team`: a team was deleted or restored: one message for all of its members.
 * `application`: a team was created in it.
 */
type ChangedTeams = `${'user' | 'team' | 'application'}:${string}`;

/** How a person came to be a member. */
export type JoinedHow = 'invitation' | 'sign-in' | 'separation';
/** Why a person is no longer a member. */
export type LeftReason = 'left' | 'removed' | 'merged' | 'erased';

/** A change of a team or of one of its members. */
type TeamChange =
  | { readonly action: 'deleted' | 'restored' }
  | { readonly action: 'changed'; readonly fields: readonly string[] }
  | { readonly action: 'joined'; readonly userId: string; readonly role: TeamRole; readonly how: JoinedHow }
  | { readonly action: 'left'; readonly userId: string; readonly reason: LeftReason }
  | {
      readonly action: 'role_changed';
      readonly userId: string;
      readonly role: TeamRole;
      readonly before: TeamRole;
    }
  | { readonly action: 'created' | 'ownership_transferred'; readonly userId: string };

type RecordedTeam = Pick<TeamEntity, 'id' | 'applicationId' | 'ownerId'>;

/** Records changes of teams: in the audit trail, as events, and for those who have identity tokens with teams. */
@Injectable()
export class TeamRecords {
  private readonly countMembers: CountBy<'change' | 'how'>;

  constructor(
    private readonly users: UsersService,
    private readonly audit: AuditService,
    metrics: Metrics,
  ) {
    this.countMembers = metrics.counter(
      'countersign_team_members_total',
      'Changes of memberships in teams, made by this replica: joined or left, and how.',
      'change',
      'how',
    );
  }

  /** @param actor whose act it is */
  async record(tx: EntityManager, team: RecordedTeam, actor: TeamActor, change: TeamChange): Promise<void> {
    const { id: teamId, applicationId } = team;
    const person = 'userId' in change ? await this.personOf(tx, change.userId) : null;
    const act = { actor: await auditActorOf(tx, this.users, actor), applicationId };
    const details = { ...wordsOf(change), ...auditWordsOf(actor) };
    const ofTeam = { ...act, subject: teamId, details: { ...details, ...(person ? { owner: person } : {}) } };
    const ofMember = { ...act, subject: person ?? teamId, details: { ...details, teamId } };
    const event = { teamId, applicationId };
    switch (change.action) {
      case 'changed':
      case 'deleted':
      case 'restored':
        await this.audit.record(tx, `team.${change.action}`, { ...ofTeam, event });
        break;
      case 'created':
      case 'ownership_transferred': {
        const { action, userId } = change;
        await this.audit.record(tx, `team.${action}`, { ...ofTeam, event: { ...event, userId } });
        break;
      }
      case 'left': {
        const { userId, reason } = change;
        await this.audit.record(tx, 'team_member.left', { ...ofMember, event: { ...event, userId, reason } });
        break;
      }
      case 'joined':
      case 'role_changed': {
        const { action, userId, role } = change;
        await this.audit.record(tx, `team_member.${action}`, {
          ...ofMember,
          event: { ...event, userId, role },
        });
      }
    }
    await this.announce(tx, ...announcedBy(team, change));
    afterCommit(tx, () => {
      this.count(change);
    });
  }

  /** PostgreSQL delivers it when the transaction commits, and a repeated one once. */
  async announce(tx: EntityManager, ...changes: readonly ChangedTeams[]): Promise<void> {
    for (const change of changes) await tx.query('SELECT pg_notify($1, $2)', [TEAMS_CHANNEL, change]);
  }

  private count(change: TeamChange): void {
    if (change.action === 'created') this.countMembers({ change: 'joined', how: 'created' });
    if (change.action === 'joined') this.countMembers({ change: 'joined', how: change.how });
    if (change.action === 'left') this.countMembers({ change: 'left', how: change.reason });
  }

  /** The final erasure of a team. */
  async recordErased(tx: EntityManager, { id: teamId, applicationId }: RecordedTeam): Promise<void> {
    const event = { teamId, applicationId };
    await this.audit.record(tx, 'team.erased', { actor: 'system', subject: teamId, applicationId, event });
    await this.announce(tx, `team:${teamId}`);
  }

  private async personOf(tx: EntityManager, userId: string): Promise<string> {
    return personActor(await this.users.getAuditPseudonym(tx, userId));
  }
}

function announcedBy({ id, applicationId, ownerId }: RecordedTeam, change: TeamChange): ChangedTeams[] {
  switch (change.action) {
    case 'changed':
      return [];
    case 'deleted':
    case 'restored':
      return [`team:${id}`];
    case 'created':
      return [`user:${change.userId}`, `application:${applicationId}`];
    case 'ownership_transferred':
      return [`user:${ownerId}`, `user:${change.userId}`];
    case 'joined':
    case 'left':
    case 'role_changed':
      return [`user:${change.userId}`];
  }
}

/** Enumerated words and names of fields. */
function wordsOf(change: TeamChange): Readonly<Record<string, string>> {
  switch (change.action) {
    case 'changed':
      return { fields: change.fields.join(' ') };
    case 'joined':
      return { role: change.role, how: change.how };
    case 'left':
      return { reason: change.reason };
    case 'role_changed':
      return { role: change.role, before: change.before };
    case 'created':
    case 'deleted':
    case 'restored':
    case 'ownership_transferred':
      return {};
  }
}
