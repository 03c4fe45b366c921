import type { Chains } from '@countersign/chains';
import type { OwnWallet } from '@countersign/linked-wallets';
import {
  decodeAct,
  decodedActJson,
  readWalletAct,
  type ActContext,
  type DecodedAct,
  type WalletAct,
} from '@countersign/wallet-acts';
import { readChainId } from '@countersign/wallet-proofs';
import { walletActError } from '../embedded-wallets.errors';
import type { EmbeddedWalletSettings } from '../embedded-wallets.settings';
import type { ActRequest, ReadAct, SigningKind } from './acts';

/** Who signs what. */
const REQUESTS = {
  'sign-message': { kind: 'message', provider: 'ethereum' },
  'sign-typed-data': { kind: 'typed-data', provider: 'ethereum' },
  'sign-transaction': { kind: 'transaction', provider: 'ethereum' },
  'ton-proof': { kind: 'ton-proof', provider: 'ton' },
} as const satisfies Readonly<Record<SigningKind, object>>;

/**
 * Reads what a call wants an embedded wallet to sign.
 * @throws AppError wallet.act_malformed, wallet.chain_mismatch, and what `decodeAct` refuses
 */
export function readAct(
  chains: Chains,
  { wallet, address }: Pick<OwnWallet, 'wallet' | 'address'>,
  { kind: act, chainId, request }: ActRequest & { readonly kind: SigningKind },
  { domains }: EmbeddedWalletSettings,
  askedAt: Date,
): ReadAct {
  const { kind, provider } = REQUESTS[act];
  const asked = wallet.provider === provider ? readWalletAct(kind, request) : null;
  if (!asked) throw walletActError('wallet.act_malformed');
  const chain = chainOf(chains, wallet, chainId);
  const decoded = decode(asked, { chain, address, domains, now: askedAt });
  const { spends, maxFee, payload, digest } = decoded;
  const signing = { chain, address, at: Math.floor(askedAt.getTime() / 1_000), act: asked };
  return {
    ...{ askedAt, digest },
    signing: { ...signing, payload },
    asked: spends.length > 0 || maxFee !== null ? signing : null,
    details: decodedActJson(decoded),
    trail: trailOf(decoded),
  };
}

/**
 * A wallet of a test environment signs for test networks, and others for others.
 * @throws AppError wallet.chain_mismatch
 */
export function chainOf(
  chains: Chains,
  { provider, environment }: OwnWallet['wallet'],
  wanted: string | undefined,
): string {
  const isTest = environment === 'test';
  const own = isTest ? 'ton:-3' : 'ton:-239';
  const read = readChainId(wanted ?? (provider === 'ton' ? own : ''));
  const chain = read.ok ? read.value.id : null;
  const isRight =
    provider === 'ton'
      ? chain === own
      : chain?.startsWith('eip155:') && (chains.environmentOf(chain) === 'test') === isTest;
  if (chain === null || !isRight) throw walletActError('wallet.chain_mismatch');
  return chain;
}

/** What bytes mean. Custody refuses what its rules do not name. @throws AppError as `decodeAct` refuses */
export function decode(act: WalletAct, context: Omit<ActContext, 'allowedCalls' | 'undecoded'>): DecodedAct {
  const decoded = decodeAct(act, { ...context, allowedCalls: [], undecoded: 'sign' });
  if (decoded.ok) return decoded.value;
  throw walletActError(decoded.code, decoded.detail === undefined ? {} : { detail: decoded.detail });
}

/** What the audit trail says of an act. */
export function trailOf({
  chain,
  method,
  contract,
  spends,
  undecoded,
}: DecodedAct): Readonly<Record<string, string>> {
  return {
    chain,
    ...(method === null ? {} : { method }),
    // Without a method it is who gets the coin.
    ...(contract === null || method === null ? {} : { contract }),
    spends: String(spends.length),
    undecoded: String(undecoded.length),
  };
}
