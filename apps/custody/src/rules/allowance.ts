import type { PoolClient } from 'pg';
import type { DecodedAct } from '@countersign/wallet-acts';
import { addToSums, assertRoom, countedByNonce, setCountedByNonce } from '../store/sums.repository';
import {
  countedOf,
  limitedSumsOf,
  NO_RULES,
  nonceOf,
  ruledAmountsOf,
  type LimitedSum,
  type Rules,
} from '@countersign/custody-rules';

/** What the rules allow, with what was signed before. In the transaction that holds the head of the journal. */
export class Allowance {
  rules: Rules = NO_RULES;

  /** Whether there is room for an act now. Counts nothing. @throws Refused as `takeAct` */
  async assertAct(
    client: PoolClient,
    walletId: string,
    act: DecodedAct,
    now: Date,
    isConsented: boolean,
  ): Promise<void> {
    await assertRoom(client, (await this.sumsOf(client, walletId, act, isConsented)).sums, now);
  }

  /**
   * Counts what an act takes. Of several transactions of EVM with one nonce the dearest counts; on TON nothing replaces a transfer, which
   * is over within a minute.
   * @throws Refused `asset_not_allowed`, `above_day`, `above_hour`
   */
  async takeAct(
    client: PoolClient,
    walletId: string,
    act: DecodedAct,
    now: Date,
    isConsented: boolean,
  ): Promise<void> {
    const { sums, nonce, amounts } = await this.sumsOf(client, walletId, act, isConsented);
    await this.take(client, sums, now);
    if (nonce !== null) await setCountedByNonce(client, { walletId, nonce }, amounts, now);
  }

  /** What an act adds, beside what a transaction with its nonce has counted. */
  private async sumsOf(
    client: PoolClient,
    walletId: string,
    act: DecodedAct,
    isConsented: boolean,
  ): Promise<{
    readonly sums: readonly LimitedSum[];
    readonly nonce: string | null;
    readonly amounts: ReadonlyMap<string, bigint>;
  }> {
    const ruled = ruledAmountsOf(this.rules, act, isConsented);
    const nonce = ruled.size > 0 && act.signingKind === 'evm-transaction' ? nonceOf(act) : null;
    const counted = nonce === null ? null : await countedByNonce(client, walletId, nonce);
    const more = [...ruled].map(([name, { rule, amount }]) => {
      // An amount of 0 takes back what was counted too.
      const isTakenBack = rule.walletPerDay === 0n || rule.allPerHour === 0n;
      return [name, { rule, amount: amount - (isTakenBack ? 0n : (counted?.get(name) ?? 0n)) }] as const;
    });
    return {
      sums: limitedSumsOf(walletId, new Map(more)).filter(({ amount }) => amount > 0n),
      nonce,
      amounts: new Map([...ruled].map(([name, { amount }]) => [name, amount])),
    };
  }

  /** As `takeCall`, and counts nothing. @throws Refused `above_hour` */
  async assertCall(client: PoolClient, call: 'export', now: Date): Promise<void> {
    await assertRoom(client, [countedOf(call, this.rules)], now);
  }

  /** @throws Refused `above_hour` */
  async takeCall(client: PoolClient, call: 'export' | 'destroy', now: Date): Promise<void> {
    await this.take(client, [countedOf(call, this.rules)], now);
  }

  private async take(client: PoolClient, sums: ReturnType<typeof limitedSumsOf>, now: Date): Promise<void> {
    await assertRoom(client, sums, now);
    await addToSums(client, sums, now);
  }
}
