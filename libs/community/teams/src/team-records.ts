import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, type EventData, type EventRecord, operator, personActor } from '@countersign/audit';
import { UsersService } from '@countersign/users';
import { DiscoveryService } from '@nestjs/core';
import { extensionPoint } from '@countersign/runtime';
import type { TeamEntity } from './store/team.entity';
import type { TeamRole } from './team-roles';
import { teamEvents } from './teams.feature';

export interface LostRights {
  readonly teamId: string;
  readonly userId: string;
  /** The role that is left; `null` without membership. */
  readonly role: TeamRole | null;
}

/** What another module does when teams change. The caller has locked the team. */
export interface OnTeamChange {
  /** A member got a lower role, left, was removed, is erased, or had it by a merge that is separated. */
  onRightsLost(tx: EntityManager, lost: LostRights): Promise<void>;
}

export const ListensToTeams = extensionPoint<OnTeamChange>();

/** An operator, with the reason where one is asked for. */
export interface OperatorActor {
  readonly by: 'operator';
  readonly reason?: string;
}

interface PersonActor {
  readonly by: 'person';
  readonly userId: string;
}

/** Who made a change: a person, an operator, or the service itself (`null`). */
export type TeamActor = PersonActor | OperatorActor | null;

export const BY_OPERATOR: OperatorActor = { by: 'operator' };

/** Whether an operator acts, and not a session. */
export function isOperator(by: object): by is OperatorActor {
  return 'by' in by && by.by === 'operator';
}

export async function auditActorOf(tx: EntityManager, users: UsersService, who: TeamActor): Promise<string> {
  if (who === null) return 'system';
  return who.by === 'operator' ? operator() : personActor(await users.getAuditPseudonym(tx, who.userId));
}

type JoinedHow = 'invitation' | 'separation';
export type LeftReason = 'left' | 'removed' | 'merged' | 'erased';

type RecordedTeam = Pick<TeamEntity, 'id' | 'applicationId'>;

type TeamEvent = (typeof teamEvents)[keyof typeof teamEvents];

/** What the audit trail has beside the data of the event. */
interface OtherDetails {
  /** Names of fields. */
  'team.changed': { readonly fields: string };
  'team_member.joined': { readonly how: JoinedHow };
  'team_member.left': { readonly reason: LeftReason };
  'team_member.role_changed': { readonly before: string };
}

/** The data of the event, without the team. */
type TeamChange<E extends TeamEvent> = Omit<EventData<E>, 'teamId' | 'applicationId'> &
  (E['name'] extends keyof OtherDetails ? OtherDetails[E['name']] : unknown);

/** Records changes of teams: in the audit trail and as events. */
@Injectable()
export class TeamRecords {
  private readonly listeners;

  constructor(
    private readonly users: UsersService,
    private readonly audit: AuditService,
    discovery: DiscoveryService,
  ) {
    this.listeners = ListensToTeams.in(discovery);
  }

  /** To be called after the change: other modules follow. */
  async onRightsLost(tx: EntityManager, lost: LostRights): Promise<void> {
    for (const listener of this.listeners.all) await listener.onRightsLost(tx, lost);
  }

  async record<E extends TeamEvent>(
    tx: EntityManager,
    team: RecordedTeam,
    actor: TeamActor,
    event: E,
    change: TeamChange<E>,
  ): Promise<void> {
    const { id: teamId, applicationId } = team;
    const { userId, ...words } = change as Readonly<Record<string, string>>;
    const owner = userId === undefined ? null : personActor(await this.users.getAuditPseudonym(tx, userId));
    const isOfMember = event.name.startsWith('team_member.');
    const fields: Readonly<Record<string, string>> = { ...change, teamId, applicationId };
    const record = {
      actor: await auditActorOf(tx, this.users, actor),
      applicationId,
      subject: (isOfMember && owner) || teamId,
      details: {
        ...words,
        ...(actor?.by === 'operator' && actor.reason !== undefined ? { reason: actor.reason } : {}),
        ...(isOfMember ? { teamId } : owner && { owner }),
      },
      event: Object.fromEntries(Object.keys(event.fields).map((field) => [field, fields[field]])),
    };
    await this.audit.record(tx, event, record as EventRecord<TeamEvent>);
  }
}
