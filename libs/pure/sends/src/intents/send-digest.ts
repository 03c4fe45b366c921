import { lengthPrefixed, sha256 } from '@countersign/crypto';
import type { Sender } from './read-intent';
import type { SendIntent } from './send-intent';

/** What a person confirms. */
export interface ConfirmedSend extends Sender {
  readonly intent: SendIntent;
  /** The greatest fee of the send, in the smallest unit of the coin. */
  readonly maxFee: bigint;
}

/** SHA-256 over chain, wallet, greatest fee and each member of the intent with its name, each with its length. */
export function sendDigest({ chain, address, intent, maxFee }: ConfirmedSend): Buffer {
  const members = Object.entries(intent).filter(([, value]) => value !== null) as [string, string | bigint][];
  members.sort(([first], [second]) => (first < second ? -1 : 1));
  return sha256(
    lengthPrefixed([
      ...['countersign wallet send', chain, address, String(maxFee)],
      ...members.flatMap(([name, value]) => [name, String(value)]),
    ]),
  );
}
