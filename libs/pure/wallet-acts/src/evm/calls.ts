import type { AbiFunction, AbiParameter, Hex } from 'viem';
import {
  decodeAbiParameters,
  encodeAbiParameters,
  parseAbiItem,
  toFunctionSelector,
  toFunctionSignature,
} from 'viem/utils';
import { coinSpend, namedSpend, type Named } from '../meaning';
import type { DecodedAct, Spend } from '../wallet-act';
import { PERMIT2 } from './permits';

/** A contract call, or with `data` `0x` a transfer of the coin. Addresses are in lower case. */
export interface Call {
  /** `msg.sender` for the contract. */
  readonly sender: string;
  readonly contract: string;
  readonly value: bigint;
  readonly data: Hex;
}

/** `method` is that of the first call, or its selector if it is not decoded; null for a coin transfer. */
export type DecodedCalls = Pick<DecodedAct, 'method' | 'spends' | 'undecoded'>;

/** The address is the same on all chains. @see https://github.com/mds1/multicall3 */
export const MULTICALL3 = '0xca11bde05977b3631167028862be2a173976ca11';

/** 12 KiB in hex. A batch can name the same bytes many times, so long data take long to read. */
const MAX_DATA_LENGTH = 2 + 2 * 12_288;
const MAX_DEPTH = 4;
const MAX_CALLS = 64;

interface Method {
  readonly signature: string;
  readonly inputs: readonly AbiParameter[];
  /** The kind of spend, or calls: of its own contract with the same sender, or of others with itself as sender. */
  readonly kind: Spend['kind'] | 'own-calls' | 'calls';
  /** The only contract where it means this; null for any contract. */
  readonly at: string | null;
}

const methods: ReadonlyMap<string, Method> = new Map([
  // ERC-20, ERC-721 (which shares `transferFrom`) and ERC-1155.
  ...methodsOf('transfer', null, [
    'transfer(address to,uint256 value)',
    'transferFrom(address from,address to,uint256 valueOrTokenId)',
    'safeTransferFrom(address from,address to,uint256 tokenId)',
    'safeTransferFrom(address from,address to,uint256 tokenId,bytes data)',
    'safeTransferFrom(address from,address to,uint256 tokenId,uint256 value,bytes data)',
    'safeBatchTransferFrom(address from,address to,uint256[] tokenIds,uint256[] values,bytes data)',
  ]),
  // ERC-20 (shared with ERC-721), an addition of OpenZeppelin, ERC-721 and ERC-1155.
  ...methodsOf('approval', null, [
    'approve(address spender,uint256 valueOrTokenId)',
    'increaseAllowance(address spender,uint256 value)',
    'setApprovalForAll(address spender,bool allCollectibles)',
  ]),
  // ERC-2612 and DAI: a permit with its owner's signature.
  ...methodsOf('permit', null, [
    'permit(address owner,address spender,uint256 value,uint256 deadline,uint8 v,bytes32 r,bytes32 s)',
    'permit(address owner,address spender,uint256 nonce,uint256 expiry,bool allowed,uint8 v,bytes32 r,bytes32 s)',
  ]),
  ...methodsOf('approval', PERMIT2, [
    'approve(address token,address spender,uint160 value,uint48 expiration)',
  ]),
  ...methodsOf('transfer', PERMIT2, [
    'transferFrom(address from,address to,uint160 value,address token)',
    'transferFrom((address from,address to,uint160 value,address token)[] list)',
  ]),
  ...methodsOf('own-calls', null, ['multicall(bytes[] list)', 'multicall(uint256 deadline,bytes[] list)']),
  ...methodsOf('calls', MULTICALL3, [
    'aggregate((address target,bytes data)[] list)',
    'tryAggregate(bool requireSuccess,(address target,bytes data)[] list)',
    'aggregate3((address target,bool allowFailure,bytes data)[] list)',
    'aggregate3Value((address target,bool allowFailure,uint256 value,bytes data)[] list)',
  ]),
]);

/** Decodes only the standard encoding of the arguments, without further bytes, dirty words or moved offsets. */
export function decodeCall(call: Call): DecodedCalls {
  return decodeWithin(call, { calls: MAX_CALLS }, 1);
}

function decodeWithin(call: Call, budget: { calls: number }, depth: number): DecodedCalls {
  budget.calls -= 1;
  const { contract, sender, value, data } = call;
  const coins = coinSpend(value, sender, contract);
  if (data === '0x') return { method: null, spends: [coins], undecoded: [] };

  const selector = data.slice(0, 10);
  const method = depth > MAX_DEPTH ? undefined : methods.get(selector);
  const args = method && (method.at ?? contract) === contract ? argumentsOf(method, data) : null;
  const inner = args && method ? callsOf(method, args, call) : [];
  const spends = args && method ? spendsOf(method, args, call) : null;
  if (!method || !spends || inner.length > budget.calls) {
    const undecoded = [{ contract, method: selector }];
    return { method: selector, spends: value > 0n ? [coins] : [], undecoded };
  }
  const decoded = inner.map((one) => decodeWithin(one, budget, depth + 1));
  const forwarded = inner.reduce((sum, one) => sum + one.value, 0n);
  return {
    method: method.signature,
    spends: [
      // A batch that passes on exactly its value spends it there.
      ...(value > 0n && value !== forwarded ? [coins] : []),
      ...spends,
      ...decoded.flatMap((one) => one.spends),
    ],
    undecoded: decoded.flatMap((one) => one.undecoded),
  };
}

/** Null unless the data is the one encoding of the arguments. Addresses are in lower case, numbers are `bigint`. */
function argumentsOf({ inputs }: Method, data: Hex): Named | null {
  if (data.length > MAX_DATA_LENGTH) return null;
  try {
    const encoded: Hex = `0x${data.slice(10)}`;
    const args: readonly unknown[] = decodeAbiParameters(inputs, encoded);
    if (encodeAbiParameters(inputs, args) !== encoded) return null;
    return Object.fromEntries(inputs.map(({ name }, at) => [name ?? '', plain(args[at])]));
  } catch {
    return null;
  }
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.toLowerCase();
  if (typeof value === 'number') return BigInt(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}

function spendsOf({ kind }: Method, args: Named, { contract, sender }: Call): readonly Spend[] | null {
  if (kind === 'calls' || kind === 'own-calls') return [];
  const { list, tokenIds, values } = args as { list?: Named[]; tokenIds?: bigint[]; values?: bigint[] };
  if (tokenIds?.length !== values?.length) return null;
  const each = list ?? tokenIds?.map((tokenId, at) => ({ ...args, tokenId, value: values?.[at] })) ?? [args];
  return each.map((one) => namedSpend(kind, one, { token: contract, owner: sender }));
}

function callsOf({ kind }: Method, { list }: Named, call: Call): readonly Call[] {
  if (kind === 'own-calls') return (list as Hex[]).map((data) => ({ ...call, value: 0n, data }));
  if (kind !== 'calls') return [];
  return (list as { target: string; value?: bigint; data: Hex }[]).map(({ target, value = 0n, data }) => ({
    ...{ sender: call.contract, contract: target, value, data },
  }));
}

function methodsOf(kind: Method['kind'], at: string | null, declared: readonly string[]): [string, Method][] {
  return declared.map((one) => {
    const method = parseAbiItem(`function ${one}`) as AbiFunction;
    const { inputs } = method;
    return [toFunctionSelector(method), { signature: toFunctionSignature(method), inputs, kind, at }];
  });
}
