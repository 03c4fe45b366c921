import { SettingsGroup, type Application, type Environment } from '@countersign/applications';
import type { Assurance } from '@countersign/users';
import { walletError } from '../wallets.errors';
import type { WalletProvider } from '../store/wallet.entity';
import { walletSettings } from '../linked-wallets.feature';

/** What a wallet signs: EIP-4361, the fixed message of Metapro, or `ton_proof` of TON Connect. */
export const walletProofKinds = ['siwe', 'metapro', 'ton-proof'] as const;
export type WalletProofKind = (typeof walletProofKinds)[number];

/** The settings of Metapro's clients, whose feature may be left out. */
const metaproSettings = new SettingsGroup<{ readonly enabled: boolean } | undefined>('metapro');

/** An application says which proofs of wallets it takes. */
export function assertAccepted({ settings }: Application, kind: WalletProofKind): void {
  const isOfMetapro = metaproSettings.of(settings)?.enabled === true;
  if (!walletSettings.of(settings).accept || (kind === 'metapro' && !isOfMetapro))
    throw walletError('wallet.not_accepted');
}

/** What a proof says of the wallet that its identity is. */
export interface ProvenWallet {
  /** `0x` and 40 lower-case hex digits; of TON raw: workchain, colon, 64 lower-case hex digits. */
  readonly address: string;
  /** CAIP-2, of a contract wallet, whose owners differ between chains. Null where the key itself signed. */
  readonly chainId: string | null;
  /** CAIP-2: the chain that the challenge named. */
  readonly provenOn: string;
  readonly kind: WalletProofKind;
  /** Of a contract wallet: at which block how many nodes agreed on the signature. Null where no node was asked. */
  readonly check: {
    readonly block: { readonly number: number; readonly hash: string };
    readonly nodes: number;
  } | null;
  /** Of a wallet of TON. Null for others. */
  readonly ton: ProvenTonWallet | null;
}

/**
 * Whether a contract of TON that can switch signatures off was asked for it: `not-asked` where no endpoint is configured.
 * Null for one that has no such switch.
 */
export type SignatureSwitch = 'allowed' | 'not-asked' | null;

interface ProvenTonWallet {
  /** How many endpoints agreed on its key; 0 where its initial state is enough. */
  readonly nodes: number;
  readonly signatureSwitch: SignatureSwitch;
  /** 64 hex digits in lower case, for later proofs of a wallet whose key may change. Null for others; older proofs lack it. */
  readonly key?: { readonly publicKey: string } | null;
}

export interface VerifiedWallet {
  readonly provider: WalletProvider;
  readonly environment: Environment;
  readonly subject: string;
  readonly assurance: Assurance;
  readonly wallet: ProvenWallet;
}

/** What a proof or claim of a wallet has besides: the wallet. */
export interface OfWallet {
  readonly wallet?: ProvenWallet;
}
