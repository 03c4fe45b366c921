import { lengthPrefixed, macOf, sealedJson } from '@countersign/crypto';
import type { OpenedWallet } from '@countersign/linked-wallets';
import type { DecodedActJson } from '@countersign/wallet-acts';
import type { ActRequest } from '../acts/read-act';

/** What a person let a wallet sign; `null` of what is not signed. */
export type ActDetails = DecodedActJson | null;

/** By act, under the key of the wallet, as the details. */
export const sealedRequest = sealedJson<ActRequest>('wallet_acts', 'request');
export const sealedDetails = sealedJson<DecodedActJson>('wallet_acts', 'details');

/** Of exactly what is signed, keyed: else addresses and transactions of a chain could be tried until one has the digest of the audit trail. */
export function actDigest({ macKey }: Pick<OpenedWallet, 'macKey'>, digest: Buffer): Buffer {
  return macOf(macKey, lengthPrefixed(['wallet-act', digest]));
}

export function keyDigest(
  { macKey }: Pick<OpenedWallet, 'macKey'>,
  applicationId: string,
  key: string,
): Buffer {
  return macOf(macKey, lengthPrefixed(['act-key', applicationId, key]));
}
