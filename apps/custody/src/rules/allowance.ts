import type { PoolClient } from 'pg';
import { Refused } from '@countersign/custody-protocol';
import {
  countedOf,
  limitedSumsOf,
  NO_RULES,
  nonceOf,
  refusedBySums,
  ruledAmountsOf,
  type LimitedSum,
} from '@countersign/custody-rules';
import { together } from '@countersign/database';
import type { DecodedAct } from '@countersign/wallet-acts';
import {
  addToSums,
  countedByNonce,
  countedParts,
  setCountedByNonce,
  type CountedPart,
} from '../store/sums.repository';

/** What counts of an act. */
export interface Spending {
  readonly walletId: string;
  readonly act: DecodedAct;
  /** Whether its person consented, for which the rules have amounts of their own. */
  readonly isConsented: boolean;
}

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
    assertRoom(await this.countedBefore(client, spending), now);
  }

  /**
   * Counts what an act takes. Of several transactions of EVM with one nonce the dearest counts; on TON nothing replaces a transfer, which
   * is over within a minute.
   * @returns what writes it
   * @throws Refused `above_day`, `above_hour`
   */
  takeOf(client: PoolClient, counted: Counted, now: Date): () => Promise<unknown> {
    assertRoom(counted, now);
    return () => together(addToSums(client, counted.sums, now), counted.takeNonce(now));
  }

  /** As `takeCall`, and counts nothing. @throws Refused `above_hour` */
  async assertCall(client: PoolClient, call: 'export' | 'destroy', now: Date): Promise<void> {
    const sums = [countedOf(call, this.rules)];
    assertRoom({ sums, parts: await countedParts(client, sums) }, now);
  }

  /** @throws Refused `above_hour` */
  async takeCall(client: PoolClient, call: 'export' | 'destroy', now: Date): Promise<void> {
    await this.assertCall(client, call, now);
    await addToSums(client, [countedOf(call, this.rules)], now);
  }
}

/** @throws Refused `above_day`, `above_hour` */
function assertRoom({ sums, parts }: Pick<Counted, 'sums' | 'parts'>, now: Date): void {
  const partsOf = (sum: LimitedSum) =>
    parts.flatMap(({ id, startsAt, amount }) =>
      id === sum.id ? [{ startsAt, amount: BigInt(amount) }] : [],
    );
  const refused = refusedBySums(sums, partsOf, now);
  if (!refused) return;
  const { code, retryAfterSeconds } = refused;
  throw new Refused(code, retryAfterSeconds === null ? {} : { retryAfterSeconds });
}
