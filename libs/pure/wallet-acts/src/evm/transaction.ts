import { accepted } from '@countersign/text';
import { readEvmAddress, type EvmAddress } from '@countersign/wallet-proofs';
import type { TransactionSerializable } from 'viem';
import { formatEther, parseTransaction, serializeTransaction } from 'viem/utils';
import { refusedAct } from '../act-refusals';
import { bytesOf, hexBytes, hexOf, membersOf, quantity } from '../fields';
import { MAX_PAYLOAD_BYTES, sentencesOf, type Decoded, type Meaning } from '../meaning';
import type { ActContext, TransactionAct } from '../wallet-act';
import { decodeCall } from './calls';

const MEMBERS = ['to', 'value', 'data', 'nonce', 'gas', 'maxFeePerGas', 'maxPriorityFeePerGas', 'gasPrice'];
const CLAIMS = ['type', 'chainId', 'from'];
/** Every transaction needs it: less gas would hide a price that no replacement can pay. */
const MIN_GAS = 21_000n;
const MAX_UINT64 = 2n ** 64n - 1n;
const MAX_UINT256 = 2n ** 256n - 1n;

/** Writes the bytes (EIP-1559, or legacy with EIP-155) and decodes them. A contract's creation is refused. */
export function decodeTransaction(
  { transaction }: TransactionAct,
  { address, chain }: ActContext,
  chainId: number,
): Decoded<Meaning> {
  const members = membersOf(transaction, [...MEMBERS, ...CLAIMS]);
  if (!members) return refusedAct('wallet.transaction_malformed');
  const from = addressOf(members.get('from') ?? address);
  const claimed = members.get('chainId');
  if (from !== address) return refusedAct('wallet.signer_mismatch');
  if (claimed !== undefined && quantity(claimed, MAX_UINT256) !== BigInt(chainId)) {
    return refusedAct('wallet.chain_mismatch');
  }
  const isCreation = (members.get('to') ?? null) === null && (members.get('data') ?? '0x') !== '0x';
  if (isCreation) return refusedAct('wallet.act_undecoded', 'create is not decoded');
  const unsigned = readUnsigned(members, chainId);
  if (!unsigned) return refusedAct('wallet.transaction_malformed');
  const serialized = serializeTransaction(unsigned);
  const payload = bytesOf(serialized);
  if (payload.length > MAX_PAYLOAD_BYTES) return refusedAct('wallet.act_too_large');

  const signed = parseTransaction(serialized);
  const { to, value = 0n, data = '0x', gas = 0n, maxFeePerGas, gasPrice } = signed;
  const contract = to?.toLowerCase() ?? '';
  const { method, spends, undecoded } = decodeCall({ sender: address, contract, value, data });
  const maxFee = gas * (maxFeePerGas ?? gasPrice ?? 0n);
  return accepted({
    ...{ payload, contract, method, spends, undecoded, maxFee },
    summary: [
      ...sentencesOf(spends, undecoded, chain),
      `Pay a fee of at most ${formatEther(maxFee)} coins of ${chain}.`,
    ],
  });
}

/** Null for unknown or contradictory members. */
function readUnsigned(
  members: ReadonlyMap<string, unknown>,
  chainId: number,
): TransactionSerializable | null {
  const optional = (name: string, max: bigint): bigint | null => quantity(members.get(name) ?? 0, max);
  const value = optional('value', MAX_UINT256);
  const nonce = quantity(members.get('nonce'), BigInt(Number.MAX_SAFE_INTEGER));
  const gas = quantity(members.get('gas'), MAX_UINT64);
  const data = hexBytes(members.get('data') ?? '0x');
  const to = addressOf(members.get('to'));
  if (value === null || nonce === null || data === null || to === undefined) return null;
  if (gas === null || gas < MIN_GAS) return null;

  const common = { chainId, to, value, nonce: Number(nonce), gas, data: hexOf(data) };
  const type = members.get('type');
  const hasType = (...names: readonly unknown[]): boolean => type === undefined || names.includes(type);
  if (members.has('gasPrice')) {
    const gasPrice = quantity(members.get('gasPrice'), MAX_UINT256);
    const isLegacy =
      hasType('legacy', '0x0') && !members.has('maxFeePerGas') && !members.has('maxPriorityFeePerGas');
    return isLegacy && gasPrice !== null ? { ...common, type: 'legacy', gasPrice } : null;
  }
  const maxFeePerGas = quantity(members.get('maxFeePerGas'), MAX_UINT256);
  const maxPriorityFeePerGas = quantity(members.get('maxPriorityFeePerGas'), maxFeePerGas ?? 0n);
  return hasType('eip1559', '0x2') && maxFeePerGas !== null && maxPriorityFeePerGas !== null
    ? { ...common, type: 'eip1559', maxFeePerGas, maxPriorityFeePerGas }
    : null;
}

function addressOf(value: unknown): EvmAddress | undefined {
  const address = typeof value === 'string' ? readEvmAddress(value) : null;
  return address?.ok ? address.value : undefined;
}
