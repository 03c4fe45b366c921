import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, type EventData, type EventRecord, operator, personActor } from '@countersign/audit';
import { UsersService } from '@countersign/users';
import { DiscoveryService } from '@nestjs/core';
import { extensionPoint } from '@countersign/runtime';
import type { TeamEntity } from './store/team.entity';
import type { LockedTeam } from './store/teams.repository';
import type { TeamRole } from './team-roles';
import { teamEvents } from './teams.feature';

export interface LostRights {
  readonly team: LockedTeam;
  readonly userId: string;
  /** The remaining role. It is `null` without membership. */
  readonly role: TeamRole | null;
}

/** Lets another module follow changes of teams. */
export interface OnTeamChange {
  /** Runs when a member got a lower role, left, was removed or erased, or lost a role in a separation. */
  onRightsLost(tx: EntityManager, lost: LostRights): Promise<void>;
}

export const ListensToTeams = extensionPoint<OnTeamChange>();

export interface OperatorActor {
  readonly by: 'operator';
  readonly reason?: string;
}

interface PersonActor {
  readonly by: 'person';
  readonly userId: string;
  /** It is read if it is absent. */
  readonly auditPseudonym?: string;
}

/** The author of a change: a person, an operator, or the service itself (`null`). */
export type TeamActor = PersonActor | OperatorActor | null;

export const BY_OPERATOR: OperatorActor = { by: 'operator' };

export function isOperator(by: object): by is OperatorActor {
  return 'by' in by && by.by === 'operator';
}

export async function auditActorOf(tx: EntityManager, users: UsersService, who: TeamActor): Promise<string> {
  if (who === null) return 'system';
  if (who.by === 'operator') return operator();
  return personActor(who.auditPseudonym ?? (await users.getAuditPseudonym(tx, who.userId)));
}

type JoinedHow = 'invitation' | 'separation';
export type LeftReason = 'left' | 'removed' | 'merged' | 'erased';

type RecordedTeam = Pick<TeamEntity, 'id' | 'applicationId'>;

type TeamEvent = (typeof teamEvents)[keyof typeof teamEvents];

/** The details that the audit trail has besides the data of the event. */
interface OtherDetails {
  'team.changed': { readonly fields: string };
  'team_member.joined': { readonly how: JoinedHow };
  'team_member.left': { readonly reason: LeftReason };
  'team_member.role_changed': { readonly before: string };
}

type TeamChange<E extends TeamEvent> = Omit<EventData<E>, 'teamId' | 'applicationId'> &
  (E['name'] extends keyof OtherDetails ? OtherDetails[E['name']] : unknown);

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

  /** Other modules react to the change. */
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
    const by = await auditActorOf(tx, this.users, actor);
    const isOwn = actor?.by === 'person' && actor.userId === userId;
    const owner = isOwn
      ? by
      : userId === undefined
        ? null
        : await auditActorOf(tx, this.users, { by: 'person', userId });
    const isOfMember = event.name.startsWith('team_member.');
    const fields: Readonly<Record<string, string>> = { ...change, teamId, applicationId };
    const record = {
      actor: by,
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
