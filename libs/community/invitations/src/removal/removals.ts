import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { plusSeconds } from '@countersign/clock';
import { MembersService } from '@countersign/teams';
import {
  IdentityMarks,
  RemembersIdentities,
  UsersService,
  type MarkSource,
  type MergePair,
  type WantedMark,
} from '@countersign/users';
import { MAX_LIFETIME } from '../invitation';
import type { InvitationFacts } from '../acceptance/invitation-facts.repository';
import { RemovalsRepository, type JoinedMembership, type Removal } from './removals.repository';

type OfTeam = Pick<JoinedMembership, 'teamId' | 'applicationId'>;

/**
 * A member who was removed comes back by a new invitation only: not by one of an identity that was at the account, and
 * not by merging with an account that used an older one.
 */
@Injectable()
@RemembersIdentities()
export class Removals implements MarkSource {
  readonly kind = 'team-removal';

  constructor(
    private readonly removals: RemovalsRepository,
    private readonly marks: IdentityMarks,
    private readonly users: UsersService,
    private readonly members: MembersService,
  ) {}

  /** No invitation that is older than the removal is open longer. */
  async marksOf(tx: EntityManager, userId: string): Promise<readonly WantedMark[]> {
    return (await this.removals.listOf(tx, userId)).map(({ teamId, applicationId, upToId, at }) => ({
      applicationId,
      aboutId: teamId,
      upToId,
      at,
      endsAt: plusSeconds(at, MAX_LIFETIME),
    }));
  }

  /** With what is known of the identities of the person, besides the rows of their account. */
  async complete(manager: EntityManager, facts: InvitationFacts): Promise<InvitationFacts> {
    if (facts.isRemoved) return facts;
    const [removal] = await this.markedIn(manager, facts.userId, [facts]);
    return { ...facts, isRemoved: removal !== undefined && facts.id <= removal.upToId };
  }

  /**
   * Ends memberships that one account got by an older invitation after the other was removed. The caller has locked the
   * teams, and merges memberships afterwards.
   */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<void> {
    await this.endRegained(tx, survivor.userId, loser.userId);
    await this.endRegained(tx, loser.userId, survivor.userId);
    await this.removals.combine(tx, loser.userId, survivor.userId);
  }

  private async endRegained(tx: EntityManager, memberId: string, removedId: string): Promise<void> {
    const joined = await this.removals.joinedBy(tx, memberId);
    if (joined.length === 0) return;
    const known = await this.removals.listOf(tx, removedId);
    const removals = [...known, ...(await this.markedIn(tx, removedId, joined))];
    for (const { teamId, invitationId, at } of joined)
      if (removals.some((one) => one.teamId === teamId && invitationId <= one.upToId && at >= one.at))
        await this.members.endRegained(tx, teamId, memberId, removedId);
  }

  /** Removals of identities that are at the account now, from these teams. */
  private async markedIn(
    manager: EntityManager,
    userId: string,
    teams: readonly OfTeam[],
  ): Promise<readonly Removal[]> {
    const { identities } = await this.users.getById(userId, manager);
    const wanted = [...new Map(teams.map((team) => [team.teamId, team])).values()];
    const queries = wanted.flatMap(({ teamId, applicationId }) =>
      identities.map((identity) => ({ aboutId: teamId, applicationId, identity })),
    );
    const found = await this.marks.find(manager, 'team-removal', queries);
    return queries.flatMap(({ aboutId: teamId, applicationId }, index) => {
      const mark = found[index];
      return mark?.upToId ? [{ teamId, applicationId, upToId: mark.upToId, at: mark.at }] : [];
    });
  }
}
