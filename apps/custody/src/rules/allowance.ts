import type { PoolClient } from 'pg';
import {
  assertWithin,
  countedOf,
  limitedSumsOf,
  NO_RULES,
  nonceOf,
  ruledAmountsOf,
  type CountedPart,
  type LimitedSum,
  type Spending,
} from '@countersign/custody-rules';
import { together } from '@countersign/database';
import { addToSums, countedByNonce, countedParts, setCountedByNonce } from '../store/sums.repository';

/** What was counted before an act. */
interface Counted {
  readonly sums: readonly LimitedSum[];
  readonly parts: readonly CountedPart[];
  /** Writes what the act takes for its nonce. */
  readonly takeNonce: (now: Date) => Promise<void>;
}

/** What the rules allow, with what was signed before it. Each act is read and taken in the transaction that holds the head of the journal. */
export class Allowance {
  rules = NO_RULES;

  /** Sends its statements at once, so that they are pipelined. @throws Refused `asset_not_allowed` */
  async countedBefore(client: PoolClient, { walletId, act, isConsented }: Spending): Promise<Counted> {
    const ruled = ruledAmountsOf(this.rules, act, isConsented);
    const nonce = ruled.size > 0 && act.signingKind === 'evm-transaction' ? nonceOf(act) : null;
    const [counted, parts] = await together(
      nonce === null ? Promise.resolve(new Map()) : countedByNonce(client, walletId, nonce),
      countedParts(client, limitedSumsOf(walletId, ruled, new Map())),
    );
    const takeNonce = async (now: Date): Promise<void> => {
      if (nonce !== null) await setCountedByNonce(client, { walletId, nonce }, ruled, now);
    };
    return { sums: limitedSumsOf(walletId, ruled, counted), parts, takeNonce };
  }

  /** Whether there is room for an act now. Counts nothing. @throws Refused */
  async assertAct(client: PoolClient, spending: Spending, now: Date): Promise<void> {
    const { sums, parts } = await this.countedBefore(client, spending);
    assertWithin(sums, parts, now);
  }

  /**
   * Counts what an act takes. Of several transactions of EVM with one nonce the dearest counts; on TON nothing replaces a transfer, which
   * is over within a minute.
   * @returns what writes it
   * @throws Refused `above_day`, `above_hour`
   */
  takeOf(client: PoolClient, { sums, parts, takeNonce }: Counted, now: Date): () => Promise<unknown> {
    assertWithin(sums, parts, now);
    return () => together(addToSums(client, sums, now), takeNonce(now));
  }

  /** As `takeCall`, and counts nothing. @throws Refused `above_hour` */
  async assertCall(client: PoolClient, call: 'export' | 'destroy', now: Date): Promise<void> {
    const sums = [countedOf(call, this.rules)];
    assertWithin(sums, await countedParts(client, sums), now);
  }

  /** @throws Refused `above_hour` */
  async takeCall(client: PoolClient, call: 'export' | 'destroy', now: Date): Promise<void> {
    await this.assertCall(client, call, now);
    await addToSums(client, [countedOf(call, this.rules)], now);
  }
}
