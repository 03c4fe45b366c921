import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database, LostRace } from '@countersign/database';
import { sessionError, type Principal } from '@countersign/sessions';
import {
  IdentitiesService,
  UserMerging,
  UsersService,
  type Assurance,
  type MergePair,
  weakestLinkOf,
} from '@countersign/users';
import {
  accountOperations,
  AccountActs,
  type Asking,
  foundingEnvironmentOf,
  bySession,
} from '../rules/account-acts.service';
import { accountError } from '../account.errors';
import type { MergeResponse } from '../dto/me.response';
import { MergeService } from '../merge.service';
import { Grants, type Granted } from '../step-up/grants';
import { digestOfCode } from '../step-up/one-time-code';
import { JoinsService, type AskedJoin } from './joins.service';

/** Serves the side that is asked. Its account becomes part of the asking one when its person types the number. */
@Injectable()
export class JoinAcceptance {
  constructor(
    private readonly database: Database,
    private readonly joins: JoinsService,
    private readonly users: UsersService,
    private readonly merging: UserMerging,
    private readonly merges: MergeService,
    private readonly identities: IdentitiesService,
    private readonly acts: AccountActs,
    private readonly grants: Grants,
  ) {}

  /** Runs before the number is read: only people who may accept learn whether it is right, and use up attempts. */
  async assertMayAccept(caller: Principal, code: string): Promise<void> {
    await this.database.transaction((tx) => this.check(tx, caller, code));
  }

  /** Requires a step-up and the number. Merges the caller's account into the asking one, and ends its sessions. */
  async accept(caller: Principal, code: string, number: number): Promise<MergeResponse> {
    const accepted = await this.database.transaction(async (tx) => {
      const { pair, asked, answering, together } = await this.check(tx, caller, code);
      if (!(await this.joins.isRight(tx, asked, number, bySession(caller)))) return null;
      const mergeable = await this.merges.assertMergeable(tx, pair);
      await this.grants.redeem(tx, caller, grantedBy(code));
      await this.merges.absorb(tx, mergeable, {
        applicationId: asked.applicationId,
        together,
        bots: [...new Set([...asked.bots, ...answering.bots])],
        details: { joinId: asked.id, ...answering.trail },
      });
      await this.joins.end(tx, asked.id, 'accepted');
      return { userId: pair.survivor.userId, mergedUserId: pair.loser.userId };
    });
    // Thrown after the commit, so that the attempt counts.
    if (!accepted) throw accountError('account.join_number_wrong');
    return accepted;
  }

  /** Locks the accounts in the order of their ids, then the request. */
  private async check(tx: EntityManager, caller: Principal, code: string) {
    const { userId } = caller;
    const found = await this.joins.openOf(code, tx);
    if (found.askingUserId === userId) throw accountError('account.same_account');
    const pair = await this.merging.lock(tx, found.askingUserId, userId);
    if ((await this.users.resolveId(userId, tx)) !== userId) throw sessionError('session.ended');
    const asked = await this.joins.lockOpen(tx, code);
    // The asking account was merged into another one while this waited.
    if (!pair || asked.askingUserId !== found.askingUserId) throw new LostRace();
    const granted = grantedBy(code);
    const answering = await this.acts.lock(tx, pair.loser, caller, granted.act, granted);
    return { pair, asked, answering, together: await this.weakestOf(tx, caller, pair, asked, answering) };
  }

  /** Both sides need the levels of both accounts. An account younger than the request counts as a linked identity. */
  private async weakestOf(
    tx: EntityManager,
    { userId, identityId }: Principal,
    { loser }: MergePair,
    asked: AskedJoin,
    answering: Asking,
  ): Promise<Assurance> {
    const identities = await this.identities.listOf(tx, userId);
    const shown = identities.find(({ id }) => id === identityId);
    if (!shown) throw sessionError('session.ended');
    const { provider, environment, cap } = shown;
    const survivor = {
      level: await this.acts.levelOf(tx, asked.applicationId, asked.askingUserId),
      asking: { assurance: asked.assurance, isOfAllowedBot: false, stepUp: asked.assurance },
    };
    const { isOfAllowedBot } = answering.asking;
    const weakestLink = weakestLinkOf(provider);
    if (identities.length === 1 && loser.createdAt >= asked.askedAt) {
      const linking = { ...answering, level: 'bot-token' } as const;
      const assurance = this.acts.assertAllowed(linking, { act: 'accept-join' });
      const proof = { environment, assurance, weakestLink, isOfAllowedBot, cap: null };
      return this.acts.assertAllowed(survivor, { act: 'link', proof });
    }
    const assurance = this.acts.assertAllowed(answering, { act: 'accept-join' });
    return this.acts.assertAllowed(survivor, {
      act: 'merge',
      proof: { environment, assurance, weakestLink, isOfAllowedBot, cap },
      otherLevel: answering.level,
      otherFoundedIn: foundingEnvironmentOf(identities),
    });
  }
}

function grantedBy(code: string): Required<Granted> {
  return { act: accountOperations.acceptJoin, requestDigest: digestOfCode(code) };
}
