import { accepted } from '@countersign/text';
import { hexOf } from '../../fields';
import type { EvmAddress } from '@countersign/wallet-proofs';
import { encodeFunctionData, parseAbi } from 'viem/utils';
import type { SendCall } from '../intents/send-intent';
import { refusedSend, type SendResult } from '../send-refusals';
import { unsignedTransaction } from '../transactions/transaction';
import type { FeeCaps } from './fees';

/** The contract `GasPriceOracle`, which has this address on each chain of the OP stack. */
const ORACLE: EvmAddress = '0x420000000000000000000000000000000000000f';
const abi = parseAbi(['function getL1Fee(bytes unsigned) view returns (uint256)']);
/** The fee depends on the length of the bytes, so this nonce exceeds that of any wallet. */
const GREAT_NONCE = 2 ** 32 - 1;

/**
 * The call that asks an OP stack chain for its layer 1 fee. @see
 * https://specs.optimism.io/protocol/predeploys.html#gaspriceoracle
 */
export function layer1FeeCall(
  chainId: number,
  call: SendCall,
  { maxGas, maxFeePerGas }: FeeCaps,
): Pick<SendCall, 'to' | 'data'> {
  const fees = { maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas };
  const unsigned = unsignedTransaction({ chainId, nonce: GREAT_NONCE, call, gas: maxGas, fees });
  return { to: ORACLE, data: encodeFunctionData({ abi, args: [hexOf(unsigned)] }) };
}

/** The highest answer and a quarter more: no transaction limits this fee. If one is over twice another, a node lies. */
export function layer1FeeFrom(fees: readonly bigint[], { maxFee }: FeeCaps): SendResult<bigint> {
  const sorted = fees.toSorted((first, second) => (first < second ? -1 : 1));
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (lowest === undefined || highest === undefined || sorted.length < 2 || highest > 2n * lowest)
    return refusedSend('send.fees_unknown');
  const fee = (highest * 5n + 3n) / 4n;
  return fee < maxFee ? accepted(fee) : refusedSend('send.fee_above_cap');
}
