import {
  deriveMacKey,
  open,
  seal,
  unwrapDataKeyUnder,
  type DataKey,
  type MacKey,
  type Place,
  type Sealed,
} from '@countersign/crypto';
import type { ProvenWallet } from '@countersign/users';

/** A wallet with the keys of what is stored about it. */
export interface OpenedWallet {
  readonly walletId: string;
  readonly userId: string;
  readonly provider: string;
  readonly environment: string;
  /** CAIP-2, of a contract wallet. */
  readonly chainId: string | null;
  readonly linkedAt: Date;
  /** Seals rows about the wallet: `seal(wallet.dataKey, place, text)`. */
  readonly dataKey: DataKey;
  /** Digests by which such rows are found: `macOf(wallet.macKey, message)`. */
  readonly macKey: MacKey;
}

/** How an address was proven, as `evidence` of a wallet holds it. */
export type WalletEvidence = Pick<ProvenWallet, 'kind' | 'provenOn' | 'check' | 'ton'>;

const MAC_CONTEXT = 'countersign/wallet-rows/v1';

/** A sealed column of `wallets`. */
export function walletPlace(walletId: string, column: 'label' | 'wallet_key' | 'evidence'): Place {
  return { table: 'wallets', column, row: walletId };
}

/** The keys of a wallet, from its row and the data key of its owner. */
export function keysOf(
  owner: DataKey,
  walletId: string,
  walletKey: Sealed,
): Pick<OpenedWallet, 'dataKey' | 'macKey'> {
  return derivedOf(unwrapDataKeyUnder(owner, walletPlace(walletId, 'wallet_key'), walletKey));
}

export function derivedOf(dataKey: DataKey): Pick<OpenedWallet, 'dataKey' | 'macKey'> {
  return { dataKey, macKey: deriveMacKey(dataKey, MAC_CONTEXT) };
}

export function sealEvidence(owner: DataKey, walletId: string, evidence: WalletEvidence): Sealed {
  const { kind, provenOn, check, ton } = evidence;
  return seal(owner, walletPlace(walletId, 'evidence'), JSON.stringify({ kind, provenOn, check, ton }));
}

export function openEvidence(owner: DataKey, walletId: string, sealed: Sealed | null): WalletEvidence | null {
  // Our own text: `sealEvidence` made it.
  return sealed && (JSON.parse(open(owner, walletPlace(walletId, 'evidence'), sealed)) as WalletEvidence);
}

export function sealLabel(owner: DataKey, walletId: string, label: string | null): Sealed | null {
  return label === null ? null : seal(owner, walletPlace(walletId, 'label'), label);
}

export function openLabel(owner: DataKey, walletId: string, sealed: Sealed | null): string | null {
  return sealed && open(owner, walletPlace(walletId, 'label'), sealed);
}
