import { Injectable } from '@nestjs/common';
import {
  fromNodes,
  nullIfAway,
  TonAccounts,
  type Chain,
  type TonEndpoint,
  type Verification,
} from '@countersign/chains';
import type { AmountReason } from '@countersign/wallet-reading';

/** What two endpoints say, or the only one. */
export interface Said<T> {
  readonly value: T | null;
  readonly verification: Verification;
  /** Why there is no value. */
  readonly reason: Exclude<AmountReason, 'not_asked'> | null;
}

/** Endpoints are asked at their newest blocks, of which one can be older: what differs is asked again. */
const ROUNDS = 2;

/** Asks two endpoints of a chain, or the only one. */
@Injectable()
export class TwoEndpoints {
  constructor(private readonly ton: TonAccounts) {}

  /** @param work `null` where the endpoint cannot know it */
  async ask<T extends bigint | string>(
    chain: Chain,
    work: (endpoint: TonEndpoint) => Promise<T | null>,
  ): Promise<Said<T>> {
    for (let round = 1; ; round += 1) {
      const said = compared(await fromNodes(this.ton.of(chain.id), work).catch(nullIfAway));
      if (said.reason !== 'differ' || round === ROUNDS) return said;
    }
  }
}

function compared<T>(answers: readonly (T | null)[] | null): Said<T> {
  const unknown = { value: null, verification: 'none' } as const;
  if (answers === null) return { ...unknown, reason: 'away' };
  const [first = null] = answers;
  if (answers.some((answer) => answer !== first)) return { ...unknown, reason: 'differ' };
  if (first === null) return { ...unknown, reason: 'state_unknown' };
  return { value: first, verification: answers.length > 1 ? 'agreed' : 'single', reason: null };
}
