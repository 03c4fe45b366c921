import type { Chain, EvmChainSending, TonChainSending } from '../chain';
import { aBoolean, aNumber, ChainFault, Fields } from './chain-fields';

const DEFAULT_MAX_GAS = 1_000_000;
/** 0.05 coins. */
const DEFAULT_ATTACHED = 50_000_000n;
/** Nodes that keep no archive have the states of the last 128 blocks. */
const MAX_DEFAULT_DEPTH = 64;
const MAX_DEPTH = 100_000;

/** The member `sending` of an EVM chain; null without one. */
export function readEvmSending(
  fields: Fields,
  { nodeCount, confirmations }: Pick<Chain, 'nodeCount' | 'confirmations'>,
): EvmChainSending | null {
  return readSending(fields, nodeCount, (caps) => ({
    minTipPerGas: caps.optional('minTipPerGas', anAmount) ?? 0n,
    maxFeePerGas: caps.required('maxFeePerGas', anAmount),
    maxFee: caps.required('maxFee', anAmount),
    maxGas: BigInt(caps.optional('maxGas', aNumber(21_000, 30_000_000)) ?? DEFAULT_MAX_GAS),
    depth: caps.optional('depth', aNumber(0, MAX_DEPTH)) ?? Math.min(confirmations, MAX_DEFAULT_DEPTH),
    isOpStack: caps.optional('isOpStack', aBoolean) ?? false,
  }));
}

/** The member `sending` of TON; null without one. */
export function readTonSending(
  fields: Fields,
  nodeCount: number,
  indexerCount: number,
): TonChainSending | null {
  const sending = readSending(fields, nodeCount, (caps) => ({
    maxFee: caps.required('maxFee', anAmount),
    attached: caps.optional('attached', anAmount) ?? DEFAULT_ATTACHED,
  }));
  if (sending && indexerCount < 2)
    throw new ChainFault(`${fields.at('sending')} needs two independent indexers: one alone could lie`);
  return sending;
}

function readSending<T>(fields: Fields, nodeCount: number, read: (caps: Fields) => T): Readonly<T> | null {
  const path = fields.at('sending');
  const sending = fields.optional('sending', (value) => {
    const caps = Fields.of(path, value);
    const found = read(caps);
    caps.end();
    return Object.freeze(found);
  });
  if (sending && nodeCount < 2)
    throw new ChainFault(`${path} needs two rpcUrls of independent nodes: one node alone could lie`);
  return sending ?? null;
}

function anAmount(value: unknown): bigint {
  if (typeof value !== 'string' || !/^(?:0|[1-9][0-9]{0,77})$/.test(value))
    throw new Error('must be text with a whole number in the smallest unit');
  return BigInt(value);
}
