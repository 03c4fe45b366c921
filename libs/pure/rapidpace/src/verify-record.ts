import { timingSafeEqual, type KeyObject } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/errors';
import { canonicalString, type RapidpaceRecord } from './rapidpace-record';
import type { RapidpaceRefusal } from './rapidpace-refusals';
import { readPlayer, type RapidpacePlayer } from './read-player';
import { recordHmac } from './record-hmac';

export interface VerifiedRapidpacePlayer extends RapidpacePlayer {
  /** What was signed. Equal for all readings of it, so a proof is named by it. */
  readonly canonical: string;
  /** The HMAC, 32 bytes. */
  readonly signature: Buffer;
}

/**
 * Accepts a record as Rapidpace's assertion about a player: values well-formed, one person and one date in all readings, signed
 * with one of the keys. Does not check its age: see `readLinkAge`. Nothing in `record` or `hmac` makes it throw.
 *
 * Campaigns add parameters to links: keys that `isUnsigned` names are left out at first, and signed like all others otherwise.
 *
 * @param hmac `x-urm-hmac` as received
 * @param keys usually one, and two during a rotation of the secret. An empty list accepts nothing
 */
export function verifyRecord(
  record: RapidpaceRecord,
  hmac: string | undefined,
  keys: readonly KeyObject[],
  isUnsigned: (key: string) => boolean = () => false,
): Result<VerifiedRapidpacePlayer, RapidpaceRefusal> {
  const signed = new Map([...record].filter(([key]) => !isUnsigned(key)));
  const verified = verifyWhole(signed, hmac, keys);
  return verified.ok || signed.size === record.size ? verified : verifyWhole(record, hmac, keys);
}

function verifyWhole(
  record: RapidpaceRecord,
  hmac: string | undefined,
  keys: readonly KeyObject[],
): Result<VerifiedRapidpacePlayer, RapidpaceRefusal> {
  const player = readPlayer(record);
  if (!player.ok) return player;

  if (!hmac) return refused('rapidpace.hmac_missing');
  const signature = readHmac(hmac);
  if (!signature) return refused('rapidpace.hmac_malformed');

  // All keys are tried, so that the timing does not reveal which of them matched.
  const matches = keys.filter((key) => timingSafeEqual(recordHmac(record, key), signature));
  return matches.length > 0
    ? accepted({ ...player.value, canonical: canonicalString(record), signature })
    : refused('rapidpace.hmac_mismatch');
}

/** Node skips invalid base64, and the last character has unused bits: only one spelling is accepted. */
function readHmac(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
