import { readAmount, readWord, type RpcAnswer, type RpcCall, type Chain } from '@countersign/chains';
import { showEvmAddress, type EvmAddress } from '@countersign/wallet-proofs';
import type { Standard, AssetResponse, ClaimedNamesResponse } from '../dto/asset.response';
import type { BalanceResponse } from '../dto/balances.response';
import type { Amounts } from './node-amounts';

/** Contracts are `0x` and lower-case hex. Token ids are decimal text. */
export type AskedAsset = Readonly<Pick<AssetResponse, 'standard' | 'contract' | 'tokenId'>>;

/** An amount; `empty` if the contract may have no code; `null` if the answer is no amount. */
export type ReadAnswer = bigint | 'empty' | null;

const BALANCE_OF = '0x70a08231';
const BALANCE_OF_ID = '0x00fdd58e';
const OWNER_OF = '0x6352211e';
const GAS = '0xf4240';

/** @param block a number, or a hash by EIP-1898 */
export function coinCall(address: string, block: unknown): RpcCall {
  return { method: 'eth_getBalance', params: [address, block] };
}

/** Calls `balanceOf(address)`, `balanceOf(address,id)` or `ownerOf(id)`. */
export function tokenCall(
  { standard, contract, tokenId }: AskedAsset,
  address: string,
  block: unknown,
): RpcCall {
  const [owner, id] = [word(address), word(tokenId ?? 0)];
  const ofCollectible: Partial<Record<Standard, string>> = {
    erc721: `${OWNER_OF}${id}`,
    erc1155: `${BALANCE_OF_ID}${owner}${id}`,
  };
  const data = ofCollectible[standard] ?? `${BALANCE_OF}${owner}`;
  return { method: 'eth_call', params: [{ to: contract, data, gas: GAS }, block] };
}

export function codeCall({ contract }: AskedAsset, block: unknown): RpcCall {
  return { method: 'eth_getCode', params: [contract, block] };
}

/** `null` if the node does not know the state of the block. */
export function readCoin(answer: RpcAnswer | undefined): bigint | null {
  return answer?.ok ? readAmount(answer.result) : null;
}

/** Reads a node's answer. A collectible that its contract does not know, or that has no owner, counts as 0. */
export function readToken(
  { standard }: AskedAsset,
  address: string,
  answer: RpcAnswer | undefined,
): ReadAnswer {
  const isCollectible = standard === 'erc721' || standard === 'erc1155';
  if (!answer?.ok) return isCollectible && answer?.error.kind === 'refused' ? 0n : null;
  if (typeof answer.result !== 'string') return null;
  const number = readWord(answer.result);
  if (number === null) return isCollectible ? 0n : answer.result === '0x' ? 'empty' : null;
  if (standard === 'erc721') return number === BigInt(address) ? 1n : 0n;
  return number;
}

/** An address without code has nothing of anyone. */
export function hasNoCode(answer: RpcAnswer | undefined): boolean {
  return answer?.ok === true && answer.result === '0x';
}

function word(value: string | number): string {
  return BigInt(value).toString(16).padStart(64, '0');
}

export function listedAssets({ tokens }: Chain): readonly AskedAsset[] {
  const listed = tokens.map(
    ({ address: contract }) => ({ standard: 'erc20', contract, tokenId: null }) as const,
  );
  return [{ standard: 'native', contract: null, tokenId: null }, ...listed];
}

/** @param claimed what contracts say of themselves; only for assets that the operator does not list */
export function toEvmAsset(
  chain: Chain,
  { standard, contract, tokenId }: AskedAsset,
  claimed: ReadonlyMap<string, ClaimedNamesResponse> = new Map(),
): AssetResponse {
  const listed = chain.tokens.find(({ address }) => address === contract);
  const known = contract === null ? chain.currency : listed;
  return {
    standard,
    contract: toShownAddress(contract),
    tokenId,
    symbol: known?.symbol ?? null,
    decimals: standard === 'erc721' || standard === 'erc1155' ? 0 : (known?.decimals ?? null),
    isListed: known !== undefined,
    claimed: contract === null || listed ? null : (claimed.get(contract) ?? null),
  };
}

/** Adds the checksum of EIP-55. @param address `0x` and lower-case hex */
export function toShownAddress(address: string | null): string | null {
  return address === null ? null : showEvmAddress(address as EvmAddress);
}

export function toBalance(asset: AssetResponse, { amount, reason, verification }: Amounts): BalanceResponse {
  return { ...asset, amount: amount?.toString() ?? null, amountReason: reason, verification };
}
