import {
  deriveMacKey,
  sealedJson,
  sealedText,
  unwrapDataKey,
  type DataKey,
  type AssociatedData,
  type MacKey,
  type Sealed,
} from '@countersign/crypto';
import type { ProvenWallet } from '../proofs/proven-wallet';

export interface OpenedWallet {
  readonly walletId: string;
  readonly userId: string;
  /** Seals rows about the wallet: `seal(wallet.dataKey, aad, text)`. */
  readonly dataKey: DataKey;
  /** Makes the digests by which such rows are found: `macOf(wallet.macKey, message)`. */
  readonly macKey: MacKey;
}

/** How an address was proven, as in the column `evidence`. */
export interface WalletEvidence extends Pick<ProvenWallet, 'kind' | 'provenOn' | 'check' | 'ton'> {
  /** For a connected wallet: the applications that took its message without a site. */
  readonly applicationIds?: readonly string[];
}

const MAC_CONTEXT = 'countersign/wallet-rows/v1';

export function walletKeyAad(walletId: string): AssociatedData {
  return { table: 'wallets', column: 'wallet_key', row: walletId };
}

export function keysOf(
  owner: DataKey,
  walletId: string,
  walletKey: Sealed,
): Pick<OpenedWallet, 'dataKey' | 'macKey'> {
  const dataKey = unwrapDataKey(owner, walletKeyAad(walletId), walletKey);
  return { dataKey, macKey: deriveMacKey(dataKey, MAC_CONTEXT) };
}

const sealedEvidence = sealedJson<WalletEvidence>('wallets', 'evidence');

export function sealEvidence(owner: DataKey, walletId: string, evidence: WalletEvidence): Sealed {
  const { kind, provenOn, check, ton, applicationIds = [] } = evidence;
  return sealedEvidence.seal(owner, walletId, {
    ...{ kind, provenOn, check, ton },
    ...(applicationIds.length === 0 ? {} : { applicationIds }),
  });
}

export function openEvidence(owner: DataKey, walletId: string, sealed: Sealed | null): WalletEvidence | null {
  return sealedEvidence.open(owner, walletId, sealed);
}

export function hasOtherKey(
  former: WalletEvidence | null,
  { ton: present }: Pick<WalletEvidence, 'ton'>,
): boolean {
  const [before, now] = [former?.ton?.key?.publicKey, present?.key?.publicKey];
  return before !== undefined && now !== undefined && before !== now;
}

/** Sealed for each wallet under its owner's data key. */
export const sealedLabel = sealedText('wallets', 'label');

/** Only connected and embedded wallets have it. Sealed under the owner's data key. */
export const sealedAddress = sealedText('wallets', 'address');
