import { lengthPrefixed, sha256 } from '@countersign/crypto';

export interface SignedContent {
  readonly provider: string;
  readonly environment: string;
  /** The signer: the bot's id, or a substitute where no bot signed. */
  readonly botId: string;
  /**
   * In a fixed order, without `hash` and `signature`: neither covers the other, and base64url has several
   * spellings.
   */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** Identifies a proof in any spelling. To be computed after verification. */
export function proofIdOf({ provider, environment, botId, fields }: SignedContent): Buffer {
  return sha256(lengthPrefixed(['countersign/proof/v1', provider, environment, botId, ...fields.flat()]));
}
