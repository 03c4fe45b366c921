import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { TeamAccess, TeamMembers, type JoinedHow, type JoinOutcome } from '@countersign/teams';
import { InvitationFactsRepository, type InvitationFacts } from './invitation-facts.repository';
import { InvitationRecords } from '../invitation-records';
import { InvitationUsesRepository } from '../store/invitation-uses.repository';
import { InvitationsRepository } from '../store/invitations.repository';
import { judgeInvitation, type InvitationRefusal } from './judge-invitation';

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
  constructor(
    private readonly access: TeamAccess,
    private readonly members: TeamMembers,
    private readonly invitations: InvitationsRepository,
    private readonly facts: InvitationFactsRepository,
    private readonly uses: InvitationUsesRepository,
    private readonly records: InvitationRecords,
    private readonly clock: Clock,
  ) {}

  /** What a person may know of an invitation before they accept it. */
  judge(facts: InvitationFacts): InvitationRefusal | null {
    return judgeInvitation(facts, this.clock.now());
  }

  /**
   * Judges the invitation as it is under the locks of its team and itself. The caller has locked the person.
   */
  async accept(
    tx: EntityManager,
    { userId, id, teamId }: Pick<InvitationFacts, 'userId' | 'id' | 'teamId'>,
    how: JoinedHow,
  ): Promise<Acceptance> {
    if (!(await this.access.lockTeam(tx, teamId))) return refused('invitation.not_found');
    const invitation = await this.invitations.lock(tx, id);
    const facts = await this.facts.findById(tx, userId, id);
    if (!invitation || !facts) return refused('invitation.not_found');
    const refusal = this.judge(facts);
    if (refusal) return refused(refusal);
    const { role, inviterId: invitedBy } = invitation;
    const outcome = await this.members.join(tx, { teamId, userId, role, invitedBy, how });
    if (outcome !== 'joined') return refused(refusalOfOutcome[outcome]);
    const at = this.clock.now();
    await this.uses.insert(tx, id, userId, at);
    const useCount = invitation.useCount + 1;
    const endsAt = useCount < invitation.maxUses ? invitation.endsAt : at;
    await this.invitations.noteUse(tx, { ...invitation, useCount, endsAt });
    await this.records.accepted(tx, invitation, userId, how);
    return { outcome: 'accepted', facts };
  }
}

function refused(code: AcceptanceRefusal): Acceptance {
  return { outcome: 'refused', code };
}
