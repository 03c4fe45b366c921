import {
  chainUnavailable,
  inOrder,
  NodeError,
  fromNodes,
  nullIfAway,
  TonAccounts,
  type TonIndexer,
  type Chain,
  type TonEndpoint,
  type Verification,
} from '@countersign/chains';
import { Injectable } from '@nestjs/common';
import type { AmountReason } from '../../dto/balances.response';
import { LRUCache } from 'lru-cache';
import { MINUTE } from '@countersign/runtime';

export async function askIndexers<T>(
  indexers: readonly TonIndexer[],
  work: (indexer: TonIndexer) => Promise<T>,
): Promise<readonly T[]> {
  const asked = await Promise.allSettled(inOrder(indexers).map(work));
  const answers = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const errors = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  for (const error of errors) if (!(error instanceof NodeError)) throw error;
  const [error] = errors;
  if (answers.length === 0 && error instanceof NodeError) throw chainUnavailable(error);
  return answers;
}

/** Returns the older of the newest blocks that the endpoints answered. */
export function oldest<T extends { readonly number: number }>(heads: readonly T[]): T | null {
  return heads.toSorted((one, other) => one.number - other.number)[0] ?? null;
}

/** The answer of two endpoints, or of the only one. */
export interface Said<T> {
  readonly value: T | null;
  readonly verification: Verification;
  readonly reason: Exclude<AmountReason, 'not_asked'> | null;
}

/** The newest block of one endpoint can be older. So answers that differ are requested again. */
const ROUNDS = 2;

/** Only an upgrade of the contract changes this answer, so not every page needs to ask for it. */
const MAX_REMEMBERED = 5_000;
const LIFETIME_MS = 10 * MINUTE;

@Injectable()
export class TwoEndpoints {
  private readonly jettonWallets = new LRUCache<string, Said<string>>({
    max: MAX_REMEMBERED,
    ttl: LIFETIME_MS,
  });

  constructor(private readonly ton: TonAccounts) {}

  /** @param work returns `null` if the endpoint cannot know the value */
  async ask<T extends bigint | string>(
    chain: Chain,
    work: (endpoint: TonEndpoint) => Promise<T | null>,
  ): Promise<Said<T>> {
    for (let round = 1; ; round += 1) {
      const said = compared(await fromNodes(this.ton.of(chain.id), work).catch(nullIfAway));
      if (said.reason !== 'differ' || round === ROUNDS) return said;
    }
  }

  /** The master names the jetton wallet, because any contract can claim to be one. All addresses are raw. */
  async jettonWallet(chain: Chain, owner: string, master: string): Promise<Said<string>> {
    const key = `${chain.id} ${owner} ${master}`;
    const known = this.jettonWallets.get(key);
    if (known) return known;
    const said = await this.ask(chain, (endpoint) => endpoint.jettonWallet(master, owner));
    if (said.value !== null) this.jettonWallets.set(key, said);
    return said;
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
