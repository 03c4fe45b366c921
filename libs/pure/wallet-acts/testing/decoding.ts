import { decodeAct, type ActContext, type AllowedCall, type DecodedAct, type WalletAct } from '../src';

export const WALLET = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
export const STRANGER = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
export const TOKEN = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48';
export const DOMAIN = 'app.example.com';

export const onEthereum: ActContext = {
  chain: 'eip155:1',
  address: WALLET,
  domains: [DOMAIN],
  allowedCalls: [],
  now: new Date('2026-11-26T05:00:00Z'),
};
export const onTon: ActContext = { ...onEthereum, chain: 'ton:-239', address: `0:${'ab'.repeat(32)}` };

/** The context of an application that may have these signed without decoding. */
export function allowing(calls: readonly Omit<AllowedCall, 'chain'>[], context = onEthereum): ActContext {
  return { ...context, allowedCalls: calls.map((call) => ({ ...call, chain: context.chain })) };
}

export function decoded(act: WalletAct, context: ActContext = onEthereum): DecodedAct {
  const read = decodeAct(act, context);
  if (!read.ok) throw new Error(`${read.code}: ${read.detail ?? ''}`);
  return read.value;
}

/** The code of the refusal, without `wallet.`; null for an act that is signed. */
export function refusal(act: WalletAct, context: ActContext = onEthereum): string | null {
  const read = decodeAct(act, context);
  return read.ok ? null : read.code.replace('wallet.', '');
}

/** A transfer of 5 units. */
export const transferData =
  `0xa9059cbb${STRANGER.slice(2).padStart(64, '0')}${'5'.padStart(64, '0')}` as const;

/** A transaction of EIP-1559. */
export function transaction(fields: Readonly<Record<string, unknown>>): WalletAct {
  const common = { nonce: 7, gas: 60_000, maxFeePerGas: '30000000000', maxPriorityFeePerGas: '1000000000' };
  return { kind: 'transaction', transaction: { ...common, ...fields } };
}
