import { recoverAddress } from 'viem/utils';
import type { CheckedBlock, CheckedTransaction } from '../checked-block';
import { readQuantity, type Hash } from '../hex';
import { isAbsent } from '../reading/json-fields';
import { encodeUnsigned } from './encode-block';
import { keccakOfHex } from './keccak';

/**
 * Whether signatures say who sent transactions: the hash of a block does not bind it otherwise. One takes about a millisecond.
 *
 * @param block whose contents were recomputed
 * @param hashes of some of its transactions
 */
export async function areSendersRight(block: CheckedBlock, hashes: ReadonlySet<Hash>): Promise<boolean> {
  for (const transaction of block.transactions)
    if (hashes.has(transaction.hash) && (await senderOf(transaction)) !== transaction.from) return false;
  return true;
}

async function senderOf({ raw, type }: CheckedTransaction): Promise<string | null> {
  if (!raw) return null;
  const isLegacy = type === 0;
  const signed = isLegacy || isAbsent(raw['yParity']) ? raw['v'] : raw['yParity'];
  const v = BigInt(readQuantity(signed) ?? 0);
  const chainId = isLegacy && v >= 35n ? (v - 35n) / 2n : null;
  const yParity = Number(!isLegacy ? v : chainId === null ? v - 27n : (v - 35n) % 2n);
  const hash = `0x${keccakOfHex(encodeUnsigned(raw, type, chainId))}` as const;
  const r = wordOf(raw['r']);
  const s = wordOf(raw['s']);
  try {
    return (await recoverAddress({ hash, signature: { r, s, yParity } })).toLowerCase();
  } catch {
    return null;
  }
}

function wordOf(value: unknown): `0x${string}` {
  return `0x${(readQuantity(value) ?? '0x0').slice(2).padStart(64, '0')}`;
}
