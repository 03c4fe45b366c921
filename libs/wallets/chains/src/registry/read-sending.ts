import type { ChainSending } from '../sending/chain-sending';
import { ChainFault, Fields, aNumber } from './chain-fields';

const DEFAULT_MAX_GAS = 1_000_000;

/** The member `sending` of a chain; null without one. */
export function readSending(fields: Fields, nodeCount: number): ChainSending | null {
  const path = fields.at('sending');
  const sending = fields.optional('sending', (value) => {
    const caps = Fields.of(path, value);
    const read = {
      minTipPerGas: caps.optional('minTipPerGas', anAmount) ?? 0n,
      maxFeePerGas: caps.required('maxFeePerGas', anAmount),
      maxFee: caps.required('maxFee', anAmount),
      maxGas: BigInt(caps.optional('maxGas', aNumber(21_000, 30_000_000)) ?? DEFAULT_MAX_GAS),
    };
    caps.end();
    return Object.freeze(read);
  });
  if (sending && nodeCount < 2)
    throw new ChainFault(`${path} needs two rpcUrls of independent nodes: one node alone could lie`);
  return sending ?? null;
}

function anAmount(value: unknown): bigint {
  if (typeof value !== 'string' || !/^(?:0|[1-9][0-9]{0,29})$/.test(value))
    throw new Error('must be text with a whole number in the smallest unit of the coin');
  return BigInt(value);
}
