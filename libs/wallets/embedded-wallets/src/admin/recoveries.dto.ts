import { IntersectionType, OmitType } from '@nestjs/swagger';
import { AdminPageOf } from '@countersign/admin';
import { Id, Instant, OneOf, PageQuery } from '@countersign/http';
import { recoveryStates, WalletRecoveryResponse, type RecoveryState } from '../recovery/recovery.dto';
import type { WalletRecoveryEntity } from '../recovery/recovery.entities';
import type { RecoveryFilter } from './recovery-directory';

/** Filters of the list of recoveries, and of their number. */
export class RecoveriesFilter {
  @OneOf(recoveryStates, 'Only recoveries in this state; without it `waiting` and `accepted`.', 'waiting', {
    input: 'optional',
  })
  state?: RecoveryState;

  @Id('Only recoveries from or to this account.', undefined, { input: 'optional' })
  userId?: string;

  static toFilter({ state, userId }: RecoveriesFilter): RecoveryFilter {
    return { state, userId: userId?.toLowerCase() };
  }
}

export class RecoveriesQuery extends IntersectionType(PageQuery, RecoveriesFilter) {}

/** A recovery as operators see it. */
export class AdminWalletRecoveryResponse extends OmitType(WalletRecoveryResponse, ['isOwn']) {
  @Id('The account that owns the wallets, or owned them before.')
  oldUserId: string;

  @Id('The account that asks for them.')
  askingUserId: string;

  @Instant('When it ended; null while it is open.', null, { nullable: true })
  endedAt: string | null;

  static of(recovery: WalletRecoveryEntity): AdminWalletRecoveryResponse {
    const { oldUserId, askingUserId, endedAt } = recovery;
    const { isOwn: _, ...seen } = WalletRecoveryResponse.of(recovery, askingUserId);
    return { ...seen, oldUserId, askingUserId, endedAt: endedAt?.toISOString() ?? null };
  }
}

export class AdminWalletRecoveryPageResponse extends AdminPageOf(
  AdminWalletRecoveryResponse,
  'Newest first.',
) {}
