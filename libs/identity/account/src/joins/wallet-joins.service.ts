import { Injectable } from '@nestjs/common';
import {
  PresentedProofs,
  WalletChallengeService,
  WalletSignatureStrategy,
  type WalletChallengeResponse,
} from '@countersign/auth';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import { weakestOf } from '@countersign/users';
import { accountError } from '../account.errors';
import type { MergeResponse } from '../dto/merge.response';
import { MergeService } from '../merge.service';
import { AccountActs, trailOf } from '../rules/account-plane';
import { digestOfCode } from '../step-up/one-time-code';
import type { AcceptJoinByWalletBody } from './join.dto';
import { MAX_ATTEMPTS } from './join-acceptance.service';
import { JoinsRepository } from './joins.repository';
import { JoinsService } from './joins.service';

/**
 * The account of a wallet answers a request to join it, by the signature of a message that names this act. It becomes part of
 * the asking account, and its wallet counts as `vendor` there: a sign-in of five minutes was enough to ask.
 */
@Injectable()
export class WalletJoins {
  constructor(
    private readonly database: Database,
    private readonly requests: JoinsService,
    private readonly joins: JoinsRepository,
    private readonly audit: AuditService,
    private readonly challenges: WalletChallengeService,
    private readonly proofs: PresentedProofs,
    private readonly wallets: WalletSignatureStrategy,
    private readonly merges: MergeService,
    private readonly acts: AccountActs,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError account.join_not_found, wallet.* */
  async challenge(code: string, address: string): Promise<WalletChallengeResponse> {
    const { askingUserId: userId, applicationId } = await this.requests.openOfWallet(code);
    return this.challenges.askToMerge({ userId, applicationId }, address);
  }

  /**
   * @throws AppError account.join_not_found, account.join_number_wrong, account.nothing_to_merge, account.same_account, and as a
   * merge by a wallet
   */
  async accept(code: string, { number, ...answer }: AcceptJoinByWalletBody): Promise<MergeResponse> {
    const asked = await this.requests.openOfWallet(code);
    const { askingUserId: userId, askingSessionId: sessionId, applicationId } = asked;
    const verified = await this.proofs.openDoor(this.wallets, answer, { userId, applicationId }, 'merge');
    if (!(await this.isNumber(code, number))) throw accountError('account.join_number_wrong');
    return this.merges.mergeBy({ userId, sessionId }, verified, async (tx, pair, moved) => {
      const now = this.clock.now();
      const current = await this.joins.lockOpen(tx, digestOfCode(code), now);
      // One that has other ways to sign in answers by them: they would count as `vendor`.
      if (current?.askingUserId !== pair.survivor.userId || moved.length > 1)
        throw accountError('account.join_not_found');
      const shown = weakestOf(verified.proof.assurance, pair.cap);
      const asking = { assurance: shown, isOfAllowedBot: false, stepUp: shown };
      const level = await this.acts.levelOf(tx, applicationId, pair.loser.userId);
      this.acts.assertAllowed({ level, asking }, { act: 'accept-join' });
      await this.joins.end(tx, current.id, 'accepted', now);
      const details = { joinId: current.id, ...trailOf(verified.proof) };
      return { applicationId, together: 'vendor', bots: current.bots, details };
    });
  }

  /** Three wrong ones end the request. */
  private async isNumber(code: string, number: number): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const asked = await this.joins.lockOpen(tx, digestOfCode(code), now);
      if (!asked) throw accountError('account.join_not_found');
      if (asked.number === number) return true;
      await this.joins.noteFailedAttempt(tx, asked.id);
      if (asked.failedAttempts + 1 < MAX_ATTEMPTS) return false;
      await this.joins.end(tx, asked.id, 'failed', now);
      await this.audit.record(tx, 'user.join_ended', {
        actor: 'system',
        applicationId: asked.applicationId,
        subject: asked.id,
        details: { outcome: 'failed' },
      });
      return false;
    });
  }
}
