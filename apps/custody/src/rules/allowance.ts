import type { PoolClient } from 'pg';
import type { DecodedAct } from '@countersign/wallet-acts';
import { addToSums, assertRoom, countedByNonce, setCountedByNonce } from '../store/sums.repository';
import { amountsOf, countedOf, limitedSumsOf, nonceOf } from './amounts';
import { NO_RULES, type Rules } from './rules';

/** What the rules allow, with what was signed before. */
export class Allowance {
  rules: Rules = NO_RULES;

  /**
   * @param isTaken whether the act counts from now on; the transaction holds the head of the journal then
   * @throws Refused `asset_not_allowed`, `above_day`, `above_hour`
   */
  async assertAllowed(
    client: PoolClient,
    walletId: string,
    act: DecodedAct,
    now: Date,
    isTaken: boolean,
  ): Promise<void> {
    const amounts = amountsOf(act);
    const nonce = amounts.size > 0 ? nonceOf(act) : null;
    // Of several transactions with one nonce the dearest counts.
    const counted =
      nonce === null ? new Map<string, bigint>() : await countedByNonce(client, walletId, nonce);
    const more = new Map([...amounts].map(([asset, amount]) => [asset, amount - (counted.get(asset) ?? 0n)]));
    const sums = limitedSumsOf(this.rules, walletId, more).filter(({ amount }) => amount > 0n);
    await assertRoom(client, sums, now);
    if (!isTaken) return;
    await addToSums(client, sums, now);
    if (nonce !== null) await setCountedByNonce(client, { walletId, nonce }, amounts, now);
  }

  /** @throws Refused `above_hour` */
  async take(client: PoolClient, call: 'export' | 'destroy', now: Date): Promise<void> {
    const sums = [countedOf(call, this.rules)];
    await assertRoom(client, sums, now);
    await addToSums(client, sums, now);
  }
}
