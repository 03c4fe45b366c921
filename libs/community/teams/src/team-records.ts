import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor, type ActRecord } from '@countersign/audit';
import { declarationOf, type Acts, type EventData } from '@countersign/events';
import { UsersService } from '@countersign/users';
import { auditActorOf, auditWordsOf, type TeamActor } from './access/team-actor';
import type { TeamEntity } from './store/team.entity';

/** How a person came to be a member. */
type JoinedHow = 'invitation' | 'separation';
/** Why a person is no longer a member. */
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
  constructor(
    private readonly users: UsersService,
    private readonly audit: AuditService,
  ) {}

  /** @param actor whose act it is */
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
        ...auditWordsOf(actor),
        ...(isOfMember ? { teamId } : owner && { owner }),
      },
      event: Object.fromEntries(declarationOf(act).fields.map((field) => [field, fields[field]])),
    };
    await this.audit.record(tx, act, record as ActRecord<Act>);
  }
}
