import { lengthPrefixed, macOf, sealedJson } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import type { DecodedActJson } from '@countersign/wallet-acts';

/** What a person let a wallet sign; `null` of an export. */
export type ActDetails = DecodedActJson | null;

/** Under the key of the wallet. */
export const sealedDetails = sealedJson<DecodedActJson>('wallet_acts', 'details');

/** Of exactly what is signed, keyed: else addresses and transactions of a chain could be tried until one has the stored digest. */
export function actDigest({ macKey }: Pick<OpenedWallet, 'macKey'>, digest: Buffer): Buffer {
  return macOf(macKey, lengthPrefixed(['wallet-act', digest]));
}
