import { createHash, createHmac } from 'node:crypto';
import { mnemonicToEntropy, mnemonicToSeedSync } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { deriveWalletKeys } from '@countersign/wallet-keys';
import { canariesOf, canariesOfWords } from '@countersign/wallet-keys/testing';
import { formsOf } from './search-bytes';

const SEPARATORS = [' ', ',', ', ', '","', '-', '_', '+', '%20', '\n', '\\n', ''];

/** All that opens a wallet: its entropy, what its keys are derived from, and the keys. */
function secretsOf(words: string): Readonly<Record<string, Buffer>> {
  const entropy = Buffer.from(mnemonicToEntropy(words, wordlist));
  const seed = Buffer.from(mnemonicToSeedSync(words));
  const { evm, ton } = deriveWalletKeys(entropy);
  return {
    ...{ entropy, seed, evm, ton },
    'master of EVM': createHmac('sha512', 'Bitcoin seed').update(seed).digest(),
    'master of TON': createHmac('sha512', 'ed25519 seed').update(seed).digest(),
    // What Ed25519 makes of the seed, before it clears bits of the first half (RFC 8032).
    'scalar of TON': createHash('sha512').update(ton).digest().subarray(1, 31),
  };
}

/** Forms of the words and of `secretsOf` that a text may have. */
export function canariesOfWallet(words: string): Map<string, readonly Buffer[]> {
  const canaries = new Map<string, readonly Buffer[]>();
  canaries.set(
    'words',
    SEPARATORS.flatMap((separator) => formsOf(words.replaceAll(' ', separator))),
  );
  for (const [name, secret] of Object.entries(secretsOf(words)))
    canaries.set(name, [...formsOf(secret), Buffer.from([...secret].join(','))]);
  return canaries;
}

/** What a search of the memory of a process looks for. */
export const inMemory = (words: string) => [
  ...canariesOfWords(Buffer.from(words)),
  ...Object.entries(secretsOf(words)).flatMap(([name, secret]) => canariesOf(name, secret)),
];
