import { sealedJson } from '@countersign/crypto';
import type { DecodedActJson } from '@countersign/wallet-acts';

/** What a person let a wallet sign; `null` of an export. */
export type ActDetails = DecodedActJson | null;

/** Under the key of the wallet. */
export const sealedDetails = sealedJson<DecodedActJson>('wallet_acts', 'details');
