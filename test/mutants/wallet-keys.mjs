/** Keys of embedded wallets. */

const ofKeys = (file, spec = file) => ({
  file: `libs/pure/wallet-keys/src/${file}.ts`,
  specs: [`libs/pure/wallet-keys/src/${spec}.spec.ts`],
});

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const walletKeys = [
  {
    id: 'wallet-key-left-in-the-stack',
    ...ofKeys('secp256k1', 'memory'),
    find: 'memory.fill(0, 0, STACK_BYTES);',
    replace: '',
  },
  {
    id: 'wallet-secret-in-the-heap',
    ...ofKeys('secret-bytes', 'memory'),
    find: 'return Buffer.from(new ArrayBuffer(length));',
    replace: 'return Buffer.alloc(length);',
  },
  {
    id: 'wallet-secret-not-overwritten',
    ...ofKeys('secret-bytes', 'memory'),
    find: 'wipe(secret);',
    replace: '',
  },
  {
    id: 'wallet-key-out-of-range',
    ...ofKeys('secp256k1', 'signatures'),
    find: ' || key.equals(ZERO) || Buffer.compare(key, ORDER) >= 0',
    replace: '',
  },
  {
    id: 'wallet-key-of-ton-without-hardening',
    ...ofKeys('derivation'),
    find: "if (index < HARDENED) throw new RangeError('Ed25519 has hardened children only');",
    replace: '',
  },
];
