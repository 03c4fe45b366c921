import type { MinedVersion, NodeView } from '@countersign/wallet-acts';
import { headsOf } from '../evm/block-reference';
import type { EvmNode } from '../evm/evm-node';
import { readAmount, readHash, readQuantity } from '../evm/quantities';
import { malformed, NodeError } from '../node-error';
import { isRecord, resultOf, type JsonRecord, type RequestLimits, type RpcCall } from '../rpc/json-rpc';

/** A transaction's call. Addresses and data are in lower case. */
export interface EstimatedCall {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly data: string;
}

export interface AskedNonce {
  readonly address: string;
  readonly nonce: number;
  /** In lower case, in the order of the versions, which start at 1. */
  readonly hashes: readonly string[];
  /** The versions' calls. A transaction with the same call counts as a version, even if a restored backup lacks it. */
  readonly calls: readonly Pick<EstimatedCall, 'to' | 'value' | 'data'>[];
  /** Whether the last check found one of them in a block. */
  readonly wasMined: boolean;
}

/** The search for a foreign transaction goes back at most this many blocks from the final one. */
const MAX_SEARCHED = 100_000;
const BLOCK_BYTES = 16 * 1_048_576;

/** Reads one node's view. Only used nonces need receipts, so waiting sends cost one request for each wallet. */
export async function viewsAt(
  node: EvmNode,
  asked: readonly AskedNonce[],
  limits: RequestLimits,
): Promise<readonly NodeView[]> {
  const { final } = await headsOf(node, limits.timeLimitMs);
  const addresses = [...new Set(asked.map(({ address }) => address))];
  const calls = [...addresses.map((address) => countCall(address, 'latest')), LATEST];
  const latest = (await node.batch(calls, limits)).map(resultOf);
  const head = latest.at(-1);
  const first = new Map(addresses.map((address, index) => [address, countOf(latest[index])]));
  const used = asked.filter(({ address, nonce, wasMined }) => wasMined || (first.get(address) ?? 0) > nonce);
  if (used.length === 0) {
    const headNumber = headOf(head);
    return asked.map(({ address }) => unused(first.get(address) ?? 0, headNumber, final));
  }
  const answers = await node.batch(
    [
      ...used.flatMap(({ address, hashes }) => [
        countCall(address, 'latest'),
        countCall(address, hexOf(final)),
        ...hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })),
      ]),
      // This call is last, so that its block is not below the receipts' blocks.
      LATEST,
    ],
    limits,
  );
  const headNumber = headOf(resultOf(answers.at(-1)));
  const views = new Map<AskedNonce, NodeView>();
  let at = 0;
  for (const each of used) {
    const [latest, atFinal, ...receipts] = answers.slice(at, at + 2 + each.hashes.length);
    at += 2 + each.hashes.length;
    const nonces = countOf(resultOf(latest));
    const mined = minedOf(each.hashes, receipts.map(resultOf));
    // The node may no longer have the state of its final block. A receipt proves the same.
    const isFinal = mined !== null && mined.blockNumber <= final;
    const finalNonces = atFinal?.ok
      ? countOf(atFinal.result)
      : Math.min(nonces, isFinal ? each.nonce + 1 : each.nonce);
    const isOther = mined === null && finalNonces > each.nonce;
    const other = isOther ? await otherOf(node, each, final, limits) : null;
    const counts = { head: headNumber, finalHead: final, nonces, finalNonces };
    views.set(each, { ...counts, mined, foreign: null, ...other });
  }
  return asked.map((each) => views.get(each) ?? unused(first.get(each.address) ?? 0, headNumber, final));
}

/** A nonce that is not used at the head is used in no final block. */
function unused(nonces: number, head: number, finalHead: number): NodeView {
  return { head, finalHead, nonces, finalNonces: nonces, mined: null, foreign: null };
}

const LATEST: RpcCall = { method: 'eth_getBlockByNumber', params: ['latest', false] };

function countCall(address: string, block: string): RpcCall {
  return { method: 'eth_getTransactionCount', params: [address, block] };
}

function countOf(result: unknown): number {
  return readQuantity(result) ?? malformed('no_nonce');
}

function headOf(block: unknown): number {
  return (isRecord(block) ? readQuantity(block['number']) : null) ?? malformed('no_latest_block');
}

/** Returns the version with a receipt. Two receipts for one nonce are impossible, so such an answer does not count. */
function minedOf(hashes: readonly string[], receipts: readonly unknown[]): MinedVersion | null {
  const found = receipts.flatMap((receipt, index) =>
    receipt === null ? [] : [readReceipt(hashes[index] ?? '', receipt, index + 1)],
  );
  if (found.length > 1) malformed('two_receipts');
  return found[0] ?? null;
}

function readReceipt(hash: string, receipt: unknown, version: number): MinedVersion {
  if (!isRecord(receipt) || readHash(receipt['transactionHash']) !== hash) malformed('no_receipt');
  const blockHash = readHash(receipt['blockHash']);
  const blockNumber = readQuantity(receipt['blockNumber']);
  const status = readAmount(receipt['status']);
  if (blockHash === null || blockNumber === null || (status !== 0n && status !== 1n)) malformed('no_receipt');
  return { version, blockNumber, blockHash, succeeded: status === 1n };
}

/**
 * Finds the transaction that used a nonce up to the final block and is not stored. The search compares the wallet's
 * counts, so the node needs the states of these blocks. Null if it no longer has them.
 */
async function otherOf(
  node: EvmNode,
  { address, nonce, hashes, calls }: AskedNonce,
  final: number,
  limits: RequestLimits,
): Promise<Pick<NodeView, 'mined' | 'foreign'> | null> {
  const isUsedIn = async (block: number): Promise<boolean> => {
    const { method, params } = countCall(address, hexOf(block));
    return countOf(await node.request(method, params, limits)) > nonce;
  };
  try {
    let [low, high] = [final, final];
    for (let step = 1; low > 0 && final - low < MAX_SEARCHED && (await isUsedIn(low)); step *= 2) {
      high = low;
      low = Math.max(0, low - step);
    }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (await isUsedIn(middle)) high = middle;
      else low = middle;
    }
    const block = await node.request('eth_getBlockByNumber', [hexOf(high), true], {
      ...limits,
      maxBytes: BLOCK_BYTES,
    });
    const transactions = isRecord(block) && Array.isArray(block['transactions']) ? block['transactions'] : [];
    const found = transactions.find(
      (each: unknown) =>
        isRecord(each) &&
        String(each['from']).toLowerCase() === address &&
        readQuantity(each['nonce']) === nonce,
    ) as JsonRecord | undefined;
    const hash = readHash(found?.['hash']);
    if (!found || hash === null || hashes.includes(hash)) return null;
    const version = calls.findIndex((call) => isSameCall(call, found)) + 1;
    if (version === 0) return { mined: null, foreign: hash as `0x${string}` };
    const receipt = await node.request('eth_getTransactionReceipt', [hash], limits);
    return { mined: { ...readReceipt(hash, receipt, version), unstoredHash: hash }, foreign: null };
  } catch (error) {
    if (error instanceof NodeError && error.kind === 'refused') return null;
    throw error;
  }
}

function isSameCall({ to, value, data }: AskedNonce['calls'][number], found: JsonRecord): boolean {
  return (
    String(found['to']).toLowerCase() === to &&
    readAmount(found['value']) === value &&
    String(found['input']).toLowerCase() === data
  );
}

function hexOf(block: number): string {
  return `0x${block.toString(16)}`;
}
