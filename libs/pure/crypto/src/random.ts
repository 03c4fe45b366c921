/** Gives `size` random bytes. */
export type RandomSource = (size: number) => Buffer;

const DIGITS = 7;

/** A key id: `letter` and seven random base-36 digits. An id is public; it only has to be rare. */
export function randomKeyId(letter: string, random: RandomSource): string {
  const number = random(6).readUIntBE(0, 6) % 36 ** DIGITS;
  return letter + number.toString(36).padStart(DIGITS, '0');
}
