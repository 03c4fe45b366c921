import type { KeyObject } from 'node:crypto';
import { accepted, refused, type Result } from '@countersign/errors';
import { conclude, type Verification } from '@countersign/signatures';
import { decodeBase64 } from '@countersign/text';
import { canonicalString, type RapidpaceRecord } from './rapidpace-record';
import type { RapidpaceRefusal } from './rapidpace-refusals';
import { readPlayer, type RapidpacePlayer } from './read-player';

export interface VerifiedRapidpacePlayer extends RapidpacePlayer {
  /** What was signed. Equal for all readings of it, so a proof is named by it. */
  readonly canonical: string;
  /** The HMAC, 32 bytes. */
  readonly signature: Uint8Array;
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
  isUnsigned?: (key: string) => boolean,
): Result<VerifiedRapidpacePlayer, RapidpaceRefusal> {
  return conclude(recordVerification(record, hmac, keys, isUnsigned));
}

/** {@link verifyRecord}, whose HMAC the caller checks. */
export function* recordVerification<Key>(
  record: RapidpaceRecord,
  hmac: string | undefined,
  keys: readonly Key[],
  isUnsigned: (key: string) => boolean = () => false,
): Verification<Key, VerifiedRapidpacePlayer, RapidpaceRefusal> {
  const signed = new Map([...record].filter(([key]) => !isUnsigned(key)));
  const verified = yield* verifyWhole(signed, hmac, keys);
  return verified.ok || signed.size === record.size ? verified : yield* verifyWhole(record, hmac, keys);
}

function* verifyWhole<Key>(
  record: RapidpaceRecord,
  hmac: string | undefined,
  keys: readonly Key[],
): Verification<Key, VerifiedRapidpacePlayer, RapidpaceRefusal> {
  const player = readPlayer(record);
  if (!player.ok) return player;

  if (!hmac) return refused('rapidpace.hmac_missing');
  const signature = /^[A-Za-z0-9+/]{43}=$/.test(hmac) ? decodeBase64(hmac) : undefined;
  if (!signature) return refused('rapidpace.hmac_malformed');

  const canonical = canonicalString(record);
  let isRight = false;
  // All keys are tried, so that the timing does not reveal which of them matched.
  for (const key of keys) if (yield { key, text: canonical, signature }) isRight = true;
  return isRight ? accepted({ ...player.value, canonical, signature }) : refused('rapidpace.hmac_mismatch');
}
