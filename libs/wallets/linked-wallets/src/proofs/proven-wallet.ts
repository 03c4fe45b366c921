import type { Application, Environment } from '@countersign/applications';
import type { Assurance } from '@countersign/users';
import { walletError } from '../wallets.errors';
import type { WalletProvider } from '../store/wallet.entity';
import { walletSettings } from '../linked-wallets.feature';

/** The texts that a wallet signs: EIP-4361, the fixed message of Metapro, or `ton_proof` of TON Connect. */
export const walletProofKinds = ['siwe', 'metapro', 'ton-proof'] as const;
export type WalletProofKind = (typeof walletProofKinds)[number];

export function assertAccepted({ settings }: Application, kind: WalletProofKind): void {
  // The feature of Metapro's clients may be left out.
  const { metapro } = settings as { readonly metapro?: { readonly enabled: boolean } };
  if (!walletSettings.of(settings).accept || (kind === 'metapro' && !metapro?.enabled))
    throw walletError('wallet.not_accepted');
}

export interface ProvenWallet {
  /** `0x` and 40 lower-case hex digits. For TON, raw: workchain, colon, 64 lower-case hex digits. */
  readonly address: string;
  /** The CAIP-2 id of a contract wallet, whose owners differ between chains. Null if the key itself signed. */
  readonly chainId: string | null;
  /** The CAIP-2 id of the chain that the challenge named. */
  readonly provenOn: string;
  readonly kind: WalletProofKind;
  /** For a contract wallet: how many nodes agreed, and at which block. Null if no node was asked. */
  readonly check: {
    readonly block: { readonly number: number; readonly hash: string };
    readonly nodes: number;
  } | null;
  /** Null unless it is a TON wallet. */
  readonly ton: ProvenTonWallet | null;
}

/** Whether a TON contract allows signatures. `not-asked`: no endpoint is configured. Null: it has no such switch. */
export type SignatureSwitch = 'allowed' | 'not-asked' | null;

interface ProvenTonWallet {
  /** How many endpoints agreed on its key; 0 if its initial state is enough. */
  readonly nodes: number;
  readonly signatureSwitch: SignatureSwitch;
  /** 64 lower-case hex digits, to compare with later proofs if the key may change; else null. Old proofs lack it. */
  readonly key?: { readonly publicKey: string } | null;
}

export interface VerifiedWallet {
  readonly provider: WalletProvider;
  readonly environment: Environment;
  readonly subject: string;
  readonly assurance: Assurance;
  readonly wallet: ProvenWallet;
}

export interface OfWallet {
  readonly wallet?: ProvenWallet;
}
