import { encodeAbiParameters } from 'viem/utils';
import { latestBlock, type BlockReference } from '../evm/block-reference';
import { readBytes, readHash } from '../evm/quantities';
import type { EvmNode } from '../evm/evm-node';
import { NodeError } from '../node-error';
import type { RequestLimits } from '../rpc/json-rpc';
import { SIGNATURE_CHECK_CODE } from './signature-check';

/** A question that was read, and is safe to ask. */
export interface ReadQuestion {
  readonly address: `0x${string}`;
  readonly hash: `0x${string}`;
  /** Without the wrapper. */
  readonly signature: `0x${string}`;
  readonly factory: { readonly address: `0x${string}`; readonly data: `0x${string}` } | null;
}

/** The end of a time that several requests share. */
export class Deadline {
  private readonly at: number;

  constructor(lengthMs: number) {
    this.at = performance.now() + lengthMs;
  }

  /** @throws NodeError `away` when nothing is left */
  leftMs(): number {
    const left = this.at - performance.now();
    if (left <= 0) throw new NodeError('away', { reason: 'time_limit' });
    return left;
  }
}

/** What one node says, at one block. */
export interface NodeVerdict {
  readonly refusal: 'no_contract' | 'not_deployed_by_factory' | 'contract_refuses' | null;
  readonly block: BlockReference;
}

const PARAMETERS = [
  { type: 'address' },
  { type: 'bytes32' },
  { type: 'bytes' },
  { type: 'address' },
  { type: 'bytes' },
] as const;
const NO_FACTORY = '0x0000000000000000000000000000000000000000';
/** EIP-170 allows 24 KiB, some chains more. */
const MAX_CODE_BYTES = 262_144;
/**
 * Of the whole call. The wallet gets 1,000,000 and the factory 5,000,000 of it, in libs/wallets/chains/contracts; the rest is for
 * the bytes of the call.
 */
const GAS = '0x989680'; // 10,000,000
const VALID = `0x1626ba7e${'0'.repeat(56)}`;
/** In the order of the answers 1, 3 and 4 of the contract. A factory is named only where the node gave no code: 2 contradicts it. */
const REFUSALS: readonly (readonly [word: number, refusal: NonNullable<NodeVerdict['refusal']>])[] = [
  [1, 'no_contract'],
  [3, 'not_deployed_by_factory'],
  [4, 'contract_refuses'],
];

/**
 * Asks one node about a signature, at the block that is its latest now. Where the wallet is deployed, the signature within
 * a wrapper of ERC-6492 counts, and the factory is never called.
 * @throws NodeError, for an error of the call too: a contract that fails is an answer, and no error.
 */
export async function askNode(
  node: EvmNode,
  question: ReadQuestion,
  deadline: Deadline,
): Promise<NodeVerdict> {
  const block = await latestBlock(node, { timeLimitMs: deadline.leftMs() });
  // EIP-1898: this block, and no other one of its number.
  const at = { blockHash: block.hash, requireCanonical: true };
  const code = await codeAt(node, question.address, at, { timeLimitMs: deadline.leftMs() });
  const hasCode = code !== '0x';
  const { factory } = question;
  if (!hasCode && factory === null) return { refusal: 'no_contract', block };
  const answer = await node.request('eth_call', [callOf(question, hasCode), at], {
    maxBytes: 65_536,
    timeLimitMs: deadline.leftMs(),
  });
  return { refusal: readRefusal(answer), block };
}

async function codeAt(
  node: EvmNode,
  address: string,
  at: object,
  limits: Omit<RequestLimits, 'maxBytes'>,
): Promise<string> {
  const answer = await node.request('eth_getCode', [address, at], {
    ...limits,
    maxBytes: 4 * MAX_CODE_BYTES,
  });
  const code = readBytes(answer, MAX_CODE_BYTES);
  if (code === null) throw new NodeError('away', { reason: 'no_code' });
  return code;
}

function callOf({ address, hash, signature, factory }: ReadQuestion, hasCode: boolean): object {
  const deploying = hasCode ? null : factory;
  const question = encodeAbiParameters(PARAMETERS, [
    address,
    hash,
    signature,
    deploying?.address ?? NO_FACTORY,
    deploying?.data ?? '0x',
  ]);
  return { data: `${SIGNATURE_CHECK_CODE}${question.slice(2)}`, gas: GAS };
}

/** Null for a signature that holds. @throws NodeError for what the contract cannot have answered */
function readRefusal(answer: unknown): NodeVerdict['refusal'] {
  const word = readHash(answer);
  if (word === VALID) return null;
  const [, refusal] = REFUSALS.find(([code]) => word === `0x${String(code).padStart(64, '0')}`) ?? [];
  if (refusal === undefined) throw new NodeError('away', { reason: 'no_verdict' });
  return refusal;
}
