import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor, type AuditAction } from '@countersign/audit';
import { afterCommit } from '@countersign/database';
import { Outbox } from '@countersign/events';
import { Metrics, type CountBy } from '@countersign/observability';
import { UsersService } from '@countersign/users';
import { auditActorOf, auditWordsOf, type TeamActor } from './access/team-actor';
import type { TeamRole } from './team-roles';
import type { TeamEntity } from './store/team.entity';

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

type RecordedTeam = Pick<TeamEntity, 'id' | 'applicationId'>;

/** Records changes of teams: in the audit trail, and as events. */
@Injectable()
export class TeamRecords {
  private readonly countMembers: CountBy<'change' | 'how'>;

  constructor(
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly outbox: Outbox,
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
    await this.addToAudit(tx, team, actor, change);
    await this.addEvent(tx, team, change);
    afterCommit(tx, () => {
      this.count(change);
    });
  }

  private count(change: TeamChange): void {
    if (change.action === 'created') this.countMembers({ change: 'joined', how: 'created' });
    if (change.action === 'joined') this.countMembers({ change: 'joined', how: change.how });
    if (change.action === 'left') this.countMembers({ change: 'left', how: change.reason });
  }

  /** The final erasure of a team. */
  async recordErased(tx: EntityManager, { id: teamId, applicationId }: RecordedTeam): Promise<void> {
    await this.audit.record(tx, 'team.erased', { actor: 'system', subject: teamId, applicationId });
    const data = { teamId, applicationId };
    await this.outbox.add(tx, 'team.erased', [{ data, applicationIds: [applicationId] }]);
  }

  private async addToAudit(
    tx: EntityManager,
    { id: teamId, applicationId }: RecordedTeam,
    actor: TeamActor,
    change: TeamChange,
  ): Promise<void> {
    const person = 'userId' in change ? await this.personOf(tx, change.userId) : null;
    const isOfMember = auditActionOf(change).startsWith('team_member.');
    const words = { ...wordsOf(change), ...auditWordsOf(actor) };
    await this.audit.record(tx, auditActionOf(change), {
      actor: await auditActorOf(tx, this.users, actor),
      applicationId,
      subject: isOfMember && person ? person : teamId,
      details: isOfMember ? { ...words, teamId } : { ...words, ...(person ? { owner: person } : {}) },
    });
  }

  private async personOf(tx: EntityManager, userId: string): Promise<string> {
    return personActor(await this.users.getAuditPseudonym(tx, userId));
  }

  private async addEvent(
    tx: EntityManager,
    { id: teamId, applicationId }: RecordedTeam,
    change: TeamChange,
  ): Promise<void> {
    const data = { teamId, applicationId };
    const applicationIds = [applicationId];
    switch (change.action) {
      case 'changed':
      case 'deleted':
      case 'restored':
        await this.outbox.add(tx, `team.${change.action}`, [{ data, applicationIds }]);
        return;
      case 'created':
      case 'ownership_transferred':
        await this.outbox.add(tx, `team.${change.action}`, [
          { data: { ...data, userId: change.userId }, applicationIds },
        ]);
        return;
      case 'left':
        await this.outbox.add(tx, 'team_member.left', [
          { data: { ...data, userId: change.userId, reason: change.reason }, applicationIds },
        ]);
        return;
      case 'joined':
      case 'role_changed':
        await this.outbox.add(tx, `team_member.${change.action}`, [
          { data: { ...data, userId: change.userId, role: change.role }, applicationIds },
        ]);
    }
  }
}

function auditActionOf({ action }: TeamChange): AuditAction {
  return action === 'joined' || action === 'left' || action === 'role_changed'
    ? `team_member.${action}`
    : `team.${action}`;
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
