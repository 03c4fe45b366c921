import type { PoolClient } from 'pg';
import type { DecodedAct } from '@countersign/wallet-acts';
import { addToSums, assertRoom, countedByNonce, setCountedByNonce } from '../store/sums.repository';
import { countedOf, limitedSumsOf, NO_RULES, nonceOf, ruledAmountsOf } from '@countersign/custody-rules';

/** What counts of an act. */
export interface Spending {
  readonly walletId: string;
  readonly act: DecodedAct;
  /** Whether its person consented, for which the rules have amounts of their own. */
  readonly isConsented: boolean;
}

/** What the rules allow, with what was signed before. In the transaction that holds the head of the journal. */
export class Allowance {
  rules = NO_RULES;

  /** Whether there is room for an act now. Counts nothing. @throws Refused as `takeAct` */
  async assertAct(client: PoolClient, spending: Spending, now: Date): Promise<void> {
    await assertRoom(client, (await this.sumsOf(client, spending)).sums, now);
  }

  /**
   * Counts what an act takes. Of several transactions of EVM with one nonce the dearest counts; on TON nothing replaces a transfer, which
   * is over within a minute.
   * @throws Refused `asset_not_allowed`, `above_day`, `above_hour`
   */
  async takeAct(client: PoolClient, spending: Spending, now: Date): Promise<void> {
    const { walletId } = spending;
    const { sums, nonce, ruled } = await this.sumsOf(client, spending);
    await assertRoom(client, sums, now);
    if (sums.length > 0) await addToSums(client, sums, now);
    if (nonce !== null) await setCountedByNonce(client, { walletId, nonce }, ruled, now);
  }

  private async sumsOf(client: PoolClient, { walletId, act, isConsented }: Spending) {
    const ruled = ruledAmountsOf(this.rules, act, isConsented);
    const nonce = ruled.size > 0 && act.signingKind === 'evm-transaction' ? nonceOf(act) : null;
    const counted = nonce === null ? new Map() : await countedByNonce(client, walletId, nonce);
    return { sums: limitedSumsOf(walletId, ruled, counted), nonce, ruled };
  }

  /** As `takeCall`, and counts nothing. @throws Refused `above_hour` */
  async assertCall(client: PoolClient, call: 'export', now: Date): Promise<void> {
    await assertRoom(client, [countedOf(call, this.rules)], now);
  }

  /** @throws Refused `above_hour` */
  async takeCall(client: PoolClient, call: 'export' | 'destroy', now: Date): Promise<void> {
    const sums = [countedOf(call, this.rules)];
    await assertRoom(client, sums, now);
    await addToSums(client, sums, now);
  }
}
