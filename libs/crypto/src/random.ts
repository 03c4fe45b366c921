import { randomBytes } from 'node:crypto';

/** Gives `size` random bytes. */
export type RandomSource = (size: number) => Buffer;

const SUPPLY_BYTES = 4_096;

let supply: Buffer = Buffer.alloc(0);

/**
 * Random bytes that are not secret, cut from a prefetched pool: one by one, nonces would cost half as much as
 * sealing. Never the same bytes twice. Secrets come from `randomBytes`, which prefetches nothing.
 */
export const randomNonce: RandomSource = (size) => {
  if (size > SUPPLY_BYTES) return randomBytes(size);
  if (supply.length < size) supply = randomBytes(SUPPLY_BYTES);
  const bytes = supply.subarray(0, size);
  supply = supply.subarray(size);
  return bytes;
};

const DIGITS = 7;

/** A key id: `letter` and seven random base-36 digits. An id is public; it only has to be rare. */
export function randomKeyId(letter: string, random: RandomSource): string {
  const number = random(6).readUIntBE(0, 6) % 36 ** DIGITS;
  return letter + number.toString(36).padStart(DIGITS, '0');
}
