import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  AccountActs,
  accountOperations,
  accountError,
  botsOf,
  foundingEnvironmentOf,
  MergeService,
  presented,
  type MergeResponse,
  type Merger,
} from '@countersign/account';
import { PresentedProofs, ProofConsumption, trailOf, type VerifiedSignIn } from '@countersign/auth';
import { Database, LostRace } from '@countersign/database';
import { sessionError, type Principal } from '@countersign/sessions';
import {
  IdentitiesService,
  UserMerging,
  UsersService,
  type Assurance,
  type MergePair,
  type OwnIdentity,
} from '@countersign/users';
import { WalletSignatureDoor } from '../proofs/wallet-signature.door';
import { walletError } from '../wallets.errors';

/** How often the proof's account may move while a merge waits for its lock. */
const MAX_MOVES = 50;

type MergingSession = Pick<Principal, 'userId' | 'sessionId'>;

interface ProvenPair extends MergePair {
  readonly cap: Assurance;
  readonly identityId: string;
}

type MergeCheck = (tx: EntityManager, pair: ProvenPair, moved: readonly OwnIdentity[]) => Promise<Merger>;

/** Merges a wallet's account into another account, by the wallet's answer to a challenge for `merge`. */
@Injectable()
export class WalletMerges {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly merging: UserMerging,
    private readonly merges: MergeService,
    private readonly door: WalletSignatureDoor,
    private readonly proofs: PresentedProofs,
    private readonly consumption: ProofConsumption,
    private readonly acts: AccountActs,
  ) {}

  /** The caller's account survives. */
  async merge(caller: Principal, body: unknown): Promise<MergeResponse> {
    const verified = await this.proofs.openDoor(this.door, body, caller, 'merge');
    return this.mergeBy(caller, verified, (tx, pair, moved) => this.check(tx, caller, verified, pair, moved));
  }

  /** Merges a verified identity's account into the session's. */
  async mergeBy(caller: MergingSession, verified: VerifiedSignIn, check: MergeCheck): Promise<MergeResponse> {
    const { proof, consume } = verified;
    const consumeProof = await this.consumption.prepare(verified);
    const mergedUserId = await this.database.transaction(async (tx) => {
      await consume?.(tx);
      const pair = await this.lockBoth(tx, caller, proof);
      await this.identities.assertProves(tx, pair.loser, pair.identityId, proof);
      const mergeable = await this.merges.assertMergeable(tx, pair);
      await consumeProof(tx, caller.sessionId);
      const merger = await check(tx, pair, await this.identities.listOf(tx, pair.loser.userId));
      await this.merges.absorb(tx, mergeable, merger);
      return pair.loser.userId;
    });
    return { userId: caller.userId, mergedUserId };
  }

  private async check(
    tx: EntityManager,
    caller: Principal,
    { proof, application }: VerifiedSignIn,
    pair: ProvenPair,
    moved: readonly OwnIdentity[],
  ): Promise<Merger> {
    const asking = await this.acts.lock(tx, pair.survivor, caller, accountOperations.join);
    const together = this.acts.assertAllowed(asking, {
      act: 'merge',
      proof: presented(proof, pair.cap),
      otherLevel: await this.acts.levelOf(tx, caller.applicationId, pair.loser.userId),
      otherFoundedIn: foundingEnvironmentOf(moved),
    });
    return {
      applicationId: application.id,
      together,
      bots: botsOf(asking, proof),
      details: { ...trailOf(proof), ...asking.trail },
    };
  }

  /** Locks both accounts. Another merge may move the identity to a third account while this call waits. */
  private async lockBoth(
    tx: EntityManager,
    caller: MergingSession,
    proof: VerifiedSignIn['proof'],
  ): Promise<ProvenPair> {
    for (let attempt = 0; attempt < MAX_MOVES; attempt += 1) {
      const other = await this.users.findByClaim(proof, tx);
      if (!other) throw walletError('account.nothing_to_merge');
      if (other.userId === caller.userId) throw accountError('account.same_account');
      const pair = await this.merging.lock(tx, caller.userId, other.userId);
      const owner = await this.users.findByClaim(proof, tx);
      if (pair && owner?.userId === other.userId)
        return { ...pair, cap: owner.cap, identityId: owner.identityId };
      if ((await this.users.resolveId(caller.userId, tx)) !== caller.userId)
        throw sessionError('session.ended');
    }
    throw new LostRace();
  }
}
