import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { Metrics, type CountBy } from '@countersign/observability';
import { TeamAccess, TeamMembers, type JoinedHow, type JoinOutcome } from '@countersign/teams';
import { refusalOf, type InvitationRefusal } from '../invitation';
import { InvitationRecords } from '../invitation-records';
import { InvitationEntity, InvitationUseEntity } from '../store/invitation.entity';
import { InvitationsRepository, type InvitationFacts } from '../store/invitations.repository';

/** Why a person did not join. */
export type AcceptanceRefusal =
  | InvitationRefusal
  | 'invitation.not_found'
  | 'invitation.team_full'
  | 'team.too_many_teams'
  | 'team.not_accepted';

export type Acceptance =
  | { readonly outcome: 'accepted'; readonly facts: InvitationFacts }
  | { readonly outcome: 'refused'; readonly code: AcceptanceRefusal };

const refusalOfOutcome = {
  'already-member': 'invitation.already_member',
  'not-found': 'invitation.not_found',
  'not-accepted': 'team.not_accepted',
  full: 'invitation.team_full',
  'too-many-teams': 'team.too_many_teams',
} as const satisfies Record<Exclude<JoinOutcome, 'joined'>, AcceptanceRefusal>;

/** Makes a person a member by an invitation. */
@Injectable()
export class Acceptances {
  private readonly countBy: CountBy<'outcome'>;

  constructor(
    private readonly access: TeamAccess,
    private readonly members: TeamMembers,
    private readonly invitations: InvitationsRepository,
    private readonly records: InvitationRecords,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.countBy = metrics.counter(
      'countersign_invitations_total',
      'Invitations to teams that people accepted at this replica: accepted, or the code of the refusal.',
      'outcome',
    );
  }

  /** @param outcome `accepted`, or an error code */
  count(outcome: string): void {
    this.countBy({ outcome });
  }

  /** What a person may know of an invitation before they accept it. */
  refusalOf(facts: InvitationFacts): InvitationRefusal | null {
    return refusalOf(facts, this.clock.now());
  }

  /**
   * Checks the invitation as it is under the locks of its team and itself. The caller has locked the person.
   */
  async accept(
    tx: EntityManager,
    { userId, id, teamId }: Pick<InvitationFacts, 'userId' | 'id' | 'teamId'>,
    how: JoinedHow,
  ): Promise<Acceptance> {
    if (!(await this.access.lockTeam(tx, teamId))) return refused('invitation.not_found');
    const invitation = await this.invitations.lock(tx, id);
    const facts = await this.invitations.findFor(tx, userId, id);
    if (!invitation || !facts) return refused('invitation.not_found');
    const refusal = this.refusalOf(facts);
    if (refusal) return refused(refusal);
    const { role, inviterId: invitedBy } = invitation;
    const outcome = await this.members.join(tx, { teamId, userId, role, invitedBy, how });
    if (outcome !== 'joined') return refused(refusalOfOutcome[outcome]);
    const at = this.clock.now();
    await tx.insert(InvitationUseEntity, { invitationId: id, userId, at });
    const useCount = invitation.useCount + 1;
    const endsAt = useCount < invitation.maxUses ? invitation.endsAt : at;
    await tx.update(InvitationEntity, { id }, { useCount, endsAt });
    await this.records.record(tx, 'accepted', invitation, userId, { how });
    return { outcome: 'accepted', facts };
  }
}

function refused(code: AcceptanceRefusal): Acceptance {
  return { outcome: 'refused', code };
}
