import type { WindowSum } from '@countersign/sends';
import { readTonTransfer } from '@countersign/ton-sends';
import type { DecodedAct } from '@countersign/wallet-acts';
import { parseTransaction } from 'viem/utils';
import { Refused } from '../refused';
import { ANY_TOKEN, type Rules } from './rules';

/** A sum with a limit, by the id of its rows. */
export interface LimitedSum extends WindowSum {
  readonly code: 'above_day' | 'above_hour';
  readonly id: string;
}

/** Amounts by chain and token. */
type Amounts = ReadonlyMap<string, bigint>;

const EVERYTHING = 2n ** 256n - 1n;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const assetKey = (chain: string, token: string | null): string => `${chain}/${token ?? 'coin'}`;

/**
 * What a signature takes of each asset at most: an approval or permit all that it allows, a transaction its highest fee too. A collectible
 * counts as one, also where a call may name its id or an amount.
 */
export function amountsOf({
  chain,
  spends,
  maxFee,
}: Pick<DecodedAct, 'chain' | 'spends' | 'maxFee'>): Amounts {
  const amounts = new Map<string, bigint>();
  const add = (token: string | null, amount: bigint): void => {
    const key = assetKey(chain, token);
    if (amount > 0n) amounts.set(key, (amounts.get(key) ?? 0n) + amount);
  };
  for (const { token, amount, isAmountOrTokenId } of spends)
    add(token, amount === 'unlimited' ? EVERYTHING : amount === 0n && isAmountOrTokenId ? 1n : amount);
  add(null, maxFee ?? 0n);
  return amounts;
}

/** The sums that amounts count towards. @throws Refused `asset_not_allowed` */
export function limitedSumsOf({ assets }: Rules, walletId: string, amounts: Amounts): readonly LimitedSum[] {
  return [...amounts].flatMap(([asset, amount]) => {
    const ofAny = `${asset.slice(0, asset.indexOf('/'))}/${ANY_TOKEN}`;
    const rule =
      assets.find(({ chain, token }) => assetKey(chain, token) === asset) ??
      assets.find(({ chain, token }) => assetKey(chain, token) === ofAny && !asset.endsWith('/coin'));
    if (!rule) throw new Refused('asset_not_allowed');
    const { walletPerDay, allPerHour } = rule;
    return [
      {
        code: 'above_day',
        id: `${walletId}/${asset}`,
        amount,
        limit: walletPerDay,
        windowMs: DAY_MS,
      } as const,
      { code: 'above_hour', id: `all/${asset}`, amount, limit: allPerHour, windowMs: HOUR_MS } as const,
    ];
  });
}

/** Of exports or destructions. */
export function countedOf(call: 'export' | 'destroy', rules: Rules): LimitedSum {
  const limit = call === 'export' ? rules.exportsPerHour : rules.destructionsPerHour;
  return { code: 'above_hour', id: `all/${call}`, amount: 1n, limit: BigInt(limit), windowMs: HOUR_MS };
}

/** Of several acts with one nonce a chain takes one. Null for what has none. */
export function nonceOf({ chain, signingKind, payload }: DecodedAct): string | null {
  if (signingKind === 'evm-transaction')
    return `${chain}/${parseTransaction(`0x${payload.toString('hex')}`).nonce ?? 0}`;
  return signingKind === 'ton-transaction' ? `${chain}/${readTonTransfer(payload)?.seqno ?? 0}` : null;
}
