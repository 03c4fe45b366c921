import { formatUnits } from 'viem/utils';
import { showEvmAddress, showTonAddress, type EvmAddress } from '@countersign/wallet-proofs';
import type { RefusedAct } from './act-refusals';
import type { DecodedAct, Spend, UndecodedCall } from './wallet-act';

/** The fields of a `DecodedAct` that depend on its kind. */
export type Meaning = Pick<DecodedAct, 'payload' | 'method' | 'summary'> &
  Partial<Pick<DecodedAct, 'contract' | 'domain' | 'text' | 'spends' | 'maxFee' | 'undecoded'>>;

export type Decoded<T> = { readonly ok: true; readonly value: T } | RefusedAct;

/** The largest payload that custody signs, in bytes. */
export const MAX_PAYLOAD_BYTES = 65_536;

const MAX_UINT256 = 2n ** 256n - 1n;
const MAX_UINT160 = 2n ** 160n - 1n;

/** Arguments of a method, or fields of typed data, under the names of the standards. */
export type Named = Readonly<Record<string, unknown>>;

/** The spend of a method or permit. The contract and the caller or signer supply values that are not named. */
export function namedSpend(
  kind: Spend['kind'],
  named: Named,
  by: { readonly token: string; readonly owner: string },
): Spend {
  const first = (...names: readonly string[]): unknown =>
    names.map((name) => named[name]).find((value) => value !== undefined);
  const amount = (first('value', 'amount', 'valueOrTokenId') ?? 1n) as bigint;
  const isUnlimited = kind !== 'transfer' && [MAX_UINT160, MAX_UINT256].includes(amount);
  const { allCollectibles, allowed = allCollectibles, token = by.token, tokenId = null } = named;
  return {
    kind,
    token: token as string,
    tokenId: tokenId as bigint | null,
    amount: allowed === false ? 0n : allowed === true || isUnlimited ? 'unlimited' : amount,
    isAmountOrTokenId: named['valueOrTokenId'] !== undefined,
    isCollectible: tokenId !== null || allCollectibles !== undefined,
    owner: (first('owner', 'holder', 'from') ?? by.owner) as string,
    to: first('to', 'spender') as string,
    // Only DAI has an expiry of zero: it means none.
    deadline: (first('deadline', 'validBefore') ?? (named['expiry'] || null)) as bigint | null,
  };
}

export function coinSpend(amount: bigint, owner: string, to: string): Spend {
  const rest = { tokenId: null, isAmountOrTokenId: false, isCollectible: false, deadline: null };
  return { kind: 'transfer', token: null, amount, owner, to, ...rest };
}

/** One English sentence for each spend and for each undecoded call. */
export function sentencesOf(
  spends: readonly Spend[],
  undecoded: readonly UndecodedCall[],
  chain: string,
): readonly string[] {
  return [
    ...spends.map((spend) => sentenceOf(spend, chain)),
    ...undecoded.map(
      ({ contract, method }) =>
        `Do ${method} at ${shownAddress(contract, chain)}. The meaning of this call is unknown.`,
    ),
  ];
}

function sentenceOf(spend: Spend, chain: string): string {
  const { kind, owner, deadline } = spend;
  const [whose, to] = [shownAddress(owner, chain), shownAddress(spend.to, chain)];
  const thing = thingOf(spend, chain);
  if (kind === 'transfer') return `Send ${thing} of ${whose} to ${to}.`;
  return `Let ${to} take ${thing} of ${whose}${deadline === null ? '' : `, by a signature that is valid ${until(deadline)}`}.`;
}

function thingOf({ token, tokenId, amount, isAmountOrTokenId }: Spend, chain: string): string {
  if (token === null) return `${formatUnits(amount as bigint, coinDecimals(chain))} coins of ${chain}`;
  const contract = shownAddress(token, chain);
  if (tokenId !== null) return `${String(amount)} of the collectible ${String(tokenId)} of ${contract}`;
  if (amount === 'unlimited') return `everything in the token ${contract}`;
  if (amount === 0n && !isAmountOrTokenId) return `nothing more in the token ${contract}`;
  const units = `${String(amount)} units of the token ${contract}`;
  return isAmountOrTokenId ? `${units} (of a collection: the collectible ${String(amount)})` : units;
}

/** Dates end in the year 275760. */
function until(seconds: bigint): string {
  return seconds > 8_640_000_000_000n
    ? 'for ever'
    : `until ${new Date(Number(seconds) * 1000).toISOString()}`;
}

export function shownAddress(address: string, chain: string): string {
  return isTon(chain)
    ? showTonAddress(address, { isTest: chain === 'ton:-3' })
    : showEvmAddress(address as EvmAddress);
}

/** 9 on TON, 18 on EVM. */
export function coinDecimals(chain: string): number {
  return isTon(chain) ? 9 : 18;
}

function isTon(chain: string): boolean {
  return chain.startsWith('ton:');
}
