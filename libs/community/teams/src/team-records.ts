import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor, type ActRecord, operator } from '@countersign/audit';
import { declarationOf, type Acts, type EventData } from '@countersign/events';
import { UsersService } from '@countersign/users';
import { DiscoveryService } from '@nestjs/core';
import { extensionPoint } from '@countersign/extensions';
import type { TeamEntity } from './store/team.entity';
import type { TeamRole } from './team-roles';

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

/** An act of an operator, with its reason where one is asked for. */
export interface OperatorAct {
  readonly by: 'operator';
  readonly reason?: string;
}

interface PersonAct {
  readonly by: 'person';
  readonly userId: string;
}

/** Whose act a change is: a person's, an operator's, or the service's own (`null`). */
export type TeamActor = PersonAct | OperatorAct | null;

export const BY_OPERATOR: OperatorAct = { by: 'operator' };

/** Whether an operator acts, and not a session. */
export function isOperator(by: object): by is OperatorAct {
  return 'by' in by && by.by === 'operator';
}

export async function auditActorOf(tx: EntityManager, users: UsersService, who: TeamActor): Promise<string> {
  if (who === null) return 'system';
  return who.by === 'operator' ? operator() : personActor(await users.getAuditPseudonym(tx, who.userId));
}

type JoinedHow = 'invitation' | 'separation';
export type LeftReason = 'left' | 'removed' | 'merged' | 'erased';

type TeamAct = Extract<keyof Acts, `team.${string}` | `team_member.${string}`>;
type RecordedTeam = Pick<TeamEntity, 'id' | 'applicationId'>;

/** What the audit trail says beside the fields of the event. */
interface OtherWords {
  /** Names of fields. */
  'team.changed': { readonly fields: string };
  'team_member.joined': { readonly how: JoinedHow };
  'team_member.left': { readonly reason: LeftReason };
  'team_member.role_changed': { readonly before: string };
}

/** The fields of the event, without the team. */
type TeamChange<Act extends TeamAct> = Omit<EventData<Act>, 'teamId' | 'applicationId'> &
  (Act extends keyof OtherWords ? OtherWords[Act] : unknown);

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

  async record<Act extends TeamAct>(
    tx: EntityManager,
    team: RecordedTeam,
    actor: TeamActor,
    act: Act,
    change: TeamChange<Act>,
  ): Promise<void> {
    const { id: teamId, applicationId } = team;
    const { userId, ...words } = change as Readonly<Record<string, string>>;
    const owner = userId === undefined ? null : personActor(await this.users.getAuditPseudonym(tx, userId));
    const isOfMember = act.startsWith('team_member.');
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
      event: Object.fromEntries(declarationOf(act).fields.map((field) => [field, fields[field]])),
    };
    await this.audit.record(tx, act, record as ActRecord<Act>);
  }
}
