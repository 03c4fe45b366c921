import { Injectable } from '@nestjs/common';
import {
  AccountActs,
  accountError,
  JoinsService,
  type AskedJoin,
  type JoinRequestResponse,
  type MergeResponse,
} from '@countersign/account';
import { authError, PresentedProofs, trailOf } from '@countersign/auth';
import { Configuration } from '@countersign/runtime';
import type { Principal } from '@countersign/sessions';
import { weakestOf } from '@countersign/users';
import type { WalletChallengeResponse } from '../proofs/dto/wallet-challenge.dto';
import { WalletChallengeService } from '../proofs/wallet-challenge.service';
import { WalletSignatureDoor } from '../proofs/wallet-signature.door';
import type { AcceptJoinByWalletBody } from './wallet-join.dto';
import { WalletMerges } from './wallet-merges.service';

/**
 * A wallet's account answers a request to join by signing a message that names this act. It becomes part of the asking
 * account, in which the wallet counts as `vendor`: a sign-in of the last five minutes was enough to ask.
 */
@Injectable()
export class WalletJoins {
  constructor(
    private readonly requests: JoinsService,
    private readonly challenges: WalletChallengeService,
    private readonly proofs: PresentedProofs,
    private readonly wallets: WalletSignatureDoor,
    private readonly merges: WalletMerges,
    private readonly acts: AccountActs,
    private readonly configuration: Configuration,
  ) {}

  /**
   * The wallet's person answers on a page of this service. A sign-in of the last five minutes is enough: the joining
   * wallet counts as `vendor`, and no other account can accept.
   */
  async ask(caller: Principal): Promise<JoinRequestResponse & { readonly url: string }> {
    const asked = await this.requests.store(caller, async (tx, user) => {
      const asking = await this.acts.lock(tx, user, caller);
      this.acts.assertAllowed(asking, { act: 'open' });
      // Otherwise, a thief of the token could join a wallet of their own.
      if (!asking.isFreshSignIn && asking.asking.stepUp === null) throw authError('auth.proof_not_fresh');
      return { asking, assurance: 'vendor' };
    });
    return { ...asked, url: `${this.configuration.issuer}/join/${asked.code}` };
  }

  /** Finds a request to a wallet's account. */
  async openOf(code: string): Promise<AskedJoin> {
    const asked = await this.requests.openOf(code);
    if (asked.assurance !== 'vendor') throw accountError('account.join_not_found');
    return asked;
  }

  async challenge(code: string, address: string): Promise<WalletChallengeResponse> {
    const { askingUserId: userId, applicationId } = await this.openOf(code);
    return this.challenges.askToMerge({ userId, applicationId }, address);
  }

  async accept(code: string, { number, ...answer }: AcceptJoinByWalletBody): Promise<MergeResponse> {
    const { askingUserId: userId, askingSessionId: sessionId, applicationId } = await this.openOf(code);
    const verified = await this.proofs.openDoor(this.wallets, answer, { userId, applicationId }, 'merge');
    await this.requests.assertNumber(code, number, { actor: 'system' });
    return this.merges.mergeBy({ userId, sessionId }, verified, async (tx, pair, moved) => {
      // An account with other ways to sign in must use them, because here they would count as `vendor`.
      if (moved.length > 1) throw accountError('account.join_not_found');
      const { id: joinId, bots } = await this.requests.endAccepted(tx, code, pair.survivor.userId);
      const shown = weakestOf(verified.proof.assurance, pair.cap);
      const asking = { assurance: shown, isOfAllowedBot: false, stepUp: shown };
      const level = await this.acts.levelOf(tx, applicationId, pair.loser.userId);
      this.acts.assertAllowed({ level, asking }, { act: 'accept-join' });
      return { applicationId, together: 'vendor', bots, details: { joinId, ...trailOf(verified.proof) } };
    });
  }
}
