import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { canariesOf, canariesOfWords, canary, findInMemory, type Canary } from '../testing/memory-search';
import { signEvmDigest } from './evm-key';
import { ENTROPY_BYTES, newEntropy, seedOf, wordsOf } from './mnemonic';
import { secretBytes, wipe } from './secret-bytes';
import { signTonMessage } from './ton-key';
import { deriveWalletKeys } from './wallet-keys';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the memory of the process', () => {
  it('has a secret that is not overwritten', () => {
    const entropy = newEntropy();

    expect(findInMemory([canary('entropy', entropy)])).toEqual(['entropy']);
    wipe(entropy);
  });

  it('has a secret that is written in any encoding, as one byte or two for each letter', () => {
    const entropy = newEntropy();
    const words = wordsOf(entropy);
    const canaries = [...canariesOf('secret', entropy), ...canariesOfWords(words)];
    const listed = words.toString().split(' ');
    const written = [
      ['secret in hexadecimal', entropy.toString('hex')],
      ['secret in capital hexadecimal', entropy.toString('hex').toUpperCase()],
      ['secret in hexadecimal with spaces', inspect(entropy)],
      ['secret in decimals', JSON.stringify(entropy)],
      ['secret in base64 from bit 0', entropy.toString('base64')],
      ['secret in base64 from bit 4', Buffer.concat([Buffer.alloc(1), entropy]).toString('base64')],
      ['secret in base64 from bit 2', Buffer.concat([Buffer.alloc(2), entropy]).toString('base64')],
      ['secret in base64url from bit 0', entropy.toString('base64url')],
      ['words 3', JSON.stringify(listed)],
      ['words 9', listed.join('\n')],
    ] as const;
    const memory = written.flatMap(([, text]) => [Buffer.from(text), Buffer.from(text, 'utf16le')]);

    const found = findInMemory(canaries);

    expect(found).toEqual(expect.arrayContaining(written.flatMap(([name]) => [name, `${name} as UTF-16`])));
    wipe(entropy, words, ...memory);
  });

  it('has no copy in the heap of a secret that native code used', () => {
    const [source, secret] = [newEntropy(), secretBytes(ENTROPY_BYTES)];
    source.copy(secret);
    // Moves a small buffer out of the heap, and leaves what it had there.
    expect(secret.buffer.byteLength).toBe(ENTROPY_BYTES);
    const canaries = [canary('entropy', source)];

    wipe(source, secret);

    expect(findInMemory(canaries)).toEqual([]);
  });

  it('has no entropy, words or keys after they were used and collected', async () => {
    const canaries = Array.from({ length: 2 }, useWallet).flat();

    let found: string[] = [];
    // What a key of OpenSSL has ends in a task after the collection, which may be late.
    for (let turn = 0; turn < 30 && (turn < 3 || found.length > 0); turn += 1) {
      collect();
      await nextTurn();
      if (turn >= 2) found = findInMemory(canaries);
    }

    expect(found).toEqual([]);
  });
});

/** All that is done with a wallet. Canaries of its secrets. */
function useWallet(): Canary[] {
  const entropy = newEntropy();
  const words = wordsOf(entropy);
  const { evm, ton } = deriveWalletKeys(entropy);
  for (let times = 0; times < 3; times += 1) {
    signEvmDigest(evm, Buffer.alloc(32, times + 1));
    signTonMessage(ton, Buffer.alloc(100, times));
  }
  const seed = seedOf(entropy);
  const canaries = Object.entries({ entropy, seed, evm, ton }).flatMap(([name, secret]) =>
    canariesOf(name, secret),
  );
  canaries.push(...canariesOfWords(words));
  wipe(entropy, words, seed, evm, ton);
  return canaries;
}
