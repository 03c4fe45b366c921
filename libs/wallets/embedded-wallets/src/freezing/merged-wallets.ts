import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ActDecisions, RecentMerges, type CameByMerge } from '@countersign/account';
import { AuditService } from '@countersign/audit';
import { Database } from '@countersign/database';
import { walletError, WALLETS_JOURNAL, type WalletState } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { assertGranted, embeddedWalletActs } from '../acts/acts';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { EmbeddedWalletsRepository } from '../store/embedded-wallets.repository';

/** Newest first. */
type Merges = readonly CameByMerge<WalletState>[];

/**
 * Wallets and identities of accounts that can still be separated. A person who merges the account of
 * another one into their own, or links an identity of their own to it, cannot use its wallets until then.
 */
@Injectable()
export class MergedWallets {
  constructor(
    private readonly database: Database,
    private readonly merges: RecentMerges,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly users: UsersService,
    private readonly decisions: ActDecisions,
    private readonly audit: AuditService,
  ) {}

  /** The caller has locked the user. @throws AppError wallet.came_by_merge for an identity that can be separated */
  async assertSettled(tx: EntityManager, caller: Principal): Promise<void> {
    const arrival = await this.merges.arrivalOf(tx, caller);
    if (arrival) throw cameByMerge(arrival.separableUntil);
  }

  /**
   * As `assertSettled`, for a wallet of the account, which may have come by a merge too. The caller has locked the user.
   * @throws AppError wallet.not_found for an identity of a test environment and a wallet of production, wallet.came_by_merge
   */
  async assertUsable(tx: EntityManager, caller: Principal, walletId: string): Promise<void> {
    const wallet = await this.embedded.findFor(tx, walletId, caller);
    if (wallet?.isBarred) throw walletError('wallet.not_found');
    const brought = mergesThatBrought(walletId, await this.broughtTo(tx, caller));
    const settled = wallet?.settledMerges ?? [];
    const waiting = brought.filter(({ joinId }) => !settled.includes(joinId));
    if (waiting.length > 0) throw cameByMerge(latestOf(waiting));
    if (!cameWith(caller, brought)) await this.assertSettled(tx, caller);
  }

  /**
   * Ends the waiting of the wallets that came with the identity of the session, for all identities of the account. Again
   * changes nothing.
   * @throws AppError wallet.came_by_merge where wallets wait and none came with the identity, account.step_up_required,
   * account.grant_invalid, auth.assurance_too_low
   */
  async settle(caller: Principal): Promise<void> {
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      await this.users.lock(tx, caller.userId);
      await assertGranted(this.decisions, tx, caller, embeddedWalletActs['wallet.settle']);
      const merges = await this.broughtTo(tx, caller);
      const own = await this.embedded.listOf(tx, caller.userId);
      const waiting = own.flatMap(({ walletId, settledMerges }) => {
        const brought = mergesThatBrought(walletId, merges);
        return brought.every(({ joinId }) => settledMerges.includes(joinId)) ? [] : [{ walletId, brought }];
      });
      const settled = waiting.filter(({ brought }) => cameWith(caller, brought));
      if (settled.length === 0 && waiting.length > 0)
        throw cameByMerge(latestOf(waiting.flatMap(({ brought }) => brought)));
      for (const { walletId, brought } of settled) {
        const joinIds = brought.map(({ joinId }) => joinId);
        await this.embedded.setSettled(tx, walletId, joinIds);
        await this.audit.record(tx, 'wallet.settled', {
          actor: `session:${caller.sessionId}`,
          applicationId: caller.applicationId,
          subject: walletId,
        });
      }
    });
  }

  private async broughtTo(tx: EntityManager, { userId }: Pick<Principal, 'userId'>): Promise<Merges> {
    return this.merges.broughtTo<WalletState>(tx, userId, WALLETS_JOURNAL);
  }
}

function mergesThatBrought(walletId: string, merges: Merges): Merges {
  return merges.filter(({ state }) => state.embedded.includes(walletId));
}

/** Whether the account that first brought the wallet had the identity already. */
function cameWith({ identityId }: Principal, brought: Merges): boolean {
  return brought.at(-1)?.settledIdentityIds.includes(identityId) === true;
}

function latestOf(merges: Merges): Date {
  return new Date(Math.max(...merges.map(({ separableUntil }) => separableUntil.getTime())));
}

function cameByMerge(separableUntil: Date): Error {
  return embeddedWalletError('wallet.came_by_merge', {
    detail: `The wallet, or the identity of the session, came by a merge or a link: it acts from ${separableUntil.toISOString()} on.`,
  });
}
