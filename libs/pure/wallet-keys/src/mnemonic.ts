import { createHash, pbkdf2Sync, randomFillSync } from 'node:crypto';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { secretBytes, wiping } from './secret-bytes';

/** 128 bits give 12 words, as strong as both curves' keys. 24 words would look like a TON wallet's other format. */
export const ENTROPY_BYTES = 16;

const WORD_BITS = 11;
const ROUNDS = 2048;
const SEED_BYTES = 64;

export function newEntropy(): Buffer {
  return randomFillSync(secretBytes(ENTROPY_BYTES));
}

/**
 * The English BIP-39 words, joined by spaces. A secret, in bytes because a string cannot be overwritten. Throws a
 * `RangeError` unless the entropy has 16 to 32 bytes, a multiple of four.
 */
export function wordsOf(entropy: Buffer): Buffer {
  if (entropy.length < 16 || entropy.length > 32 || entropy.length % 4 !== 0)
    throw new RangeError('entropy has 16 to 32 bytes');
  const bits = secretBytes(entropy.length + 1);
  return wiping(bits, () => {
    entropy.copy(bits);
    // The checksum: a bit of SHA-256 for each four bytes.
    bits[entropy.length] = createHash('sha256').update(entropy).digest()[0] ?? 0;
    const count = (entropy.length * 3) / 4;
    let length = count - 1;
    for (let index = 0; index < count; index += 1) length += wordAt(bits, index).length;
    const sentence = secretBytes(length);
    sentence.fill(' ');
    let at = 0;
    for (let index = 0; index < count; index += 1)
      at += sentence.write(wordAt(bits, index), at, 'latin1') + 1;
    return sentence;
  });
}

/** The seed of the words (BIP-39), 64 bytes. A secret. Wallets of this service have no passphrase. */
export function seedOf(entropy: Buffer, passphrase = ''): Buffer {
  return wiping(wordsOf(entropy), (words) =>
    pbkdf2Sync(words, `mnemonic${passphrase}`, ROUNDS, SEED_BYTES, 'sha512'),
  );
}

function wordAt(bits: Buffer, index: number): string {
  const start = index * WORD_BITS;
  let word = 0;
  for (let bit = start; bit < start + WORD_BITS; bit += 1)
    word = (word << 1) | (((bits[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
  return wordlist[word] ?? '';
}
