import { deriveEd25519Path } from '@ton/crypto';
import { HDKey } from '@scure/bip32';
import { mnemonicToSeedSync, entropyToMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { mnemonicToAccount } from 'viem/accounts';
import { HDNodeWallet, Mnemonic } from 'ethers';
import {
  bip39Vectors,
  ed25519Vectors,
  leadingZeroVectors,
  secp256k1Vectors,
} from '../testing/published-vectors';
import { deriveEd25519, deriveSecp256k1, HARDENED } from './derivation';
import { evmAddressOf } from './evm-key';
import { newEntropy, seedOf, wordsOf } from './mnemonic';
import { deriveWalletKeys } from './wallet-keys';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const pathOf = (text: string): number[] =>
  text
    .split('/')
    .slice(1)
    .map((index) => parseInt(index, 10) + (index.endsWith("'") ? HARDENED : 0));
const wallets = Array.from({ length: 20 }, newEntropy);

describe('words and seeds (BIP-39)', () => {
  it.each(bip39Vectors)('of the published entropy %s', (entropy, words, seed) => {
    expect(wordsOf(hex(entropy)).toString('latin1')).toBe(words);
    expect(seedOf(hex(entropy), 'TREZOR').toString('hex')).toBe(seed);
  });

  it.each([0, 15, 17, 33])('are refused for %d bytes', (length) => {
    expect(() => wordsOf(Buffer.alloc(length))).toThrow('entropy has 16 to 32 bytes');
  });

  it('are those of @scure/bip39', () => {
    for (const entropy of wallets) {
      const words = entropyToMnemonic(entropy, wordlist);
      expect(wordsOf(entropy).toString('latin1')).toBe(words);
      expect(seedOf(entropy)).toEqual(Buffer.from(mnemonicToSeedSync(words)));
    }
  });
});

describe('keys of secp256k1 (BIP-32)', () => {
  it.each(secp256k1Vectors)('of the published seed %s at %s', (seed, path, expected) => {
    const { privateKey, chainCode } = deriveSecp256k1(hex(seed), pathOf(path));

    expect(Buffer.concat([privateKey, chainCode]).toString('hex')).toBe(expected);
  });

  it.each(leadingZeroVectors)(
    'with leading zeros, of the published seed %s at %s',
    (seed, path, extended) => {
      const { privateKey, chainCode } = HDKey.fromExtendedKey(extended);

      const key = deriveSecp256k1(hex(seed), pathOf(path));

      expect([key.privateKey, key.chainCode]).toEqual(
        [privateKey, chainCode].map((bytes) => Buffer.from(bytes ?? [])),
      );
    },
  );

  it('are those of @scure/bip32, viem and ethers at the path of EVM wallets', () => {
    for (const entropy of wallets) {
      const words = wordsOf(entropy).toString('latin1');
      const { evm } = deriveWalletKeys(entropy);
      const derived = HDKey.fromMasterSeed(seedOf(entropy)).derive("m/44'/60'/0'/0/0");

      expect(evm).toEqual(Buffer.from(derived.privateKey ?? []));
      expect(evmAddressOf(evm)).toBe(mnemonicToAccount(words).address);
      expect(evmAddressOf(evm)).toBe(HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(words)).address);
    }
  });
});

describe('keys of Ed25519 (SLIP-0010)', () => {
  it.each(ed25519Vectors)('of the published seed %s at %s', (seed, path, expected) => {
    const { privateKey, chainCode } = deriveEd25519(hex(seed), pathOf(path));

    expect(Buffer.concat([privateKey, chainCode]).toString('hex')).toBe(expected);
  });

  it('are those of @ton/crypto at the path of TON wallets', async () => {
    for (const entropy of wallets) {
      const { ton } = deriveWalletKeys(entropy);

      expect(ton).toEqual(await deriveEd25519Path(seedOf(entropy), [44, 607, 0]));
    }
  });

  it('have no children that are not hardened', () => {
    expect(() => deriveEd25519(Buffer.alloc(16), [44])).toThrow('hardened children only');
  });
});
