/** Keys of embedded wallets. */

const ofKeys = (file, spec = file) => ({
  file: `libs/pure/wallet-keys/src/${file}.ts`,
  specs: [`libs/pure/wallet-keys/src/${spec}.spec.ts`],
});

const ofCustody = (file) => ({
  file: `apps/custody/src/${file}.ts`,
  specs: ['test/integration/custody.integration-spec.ts'],
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
  {
    id: 'ton-transfer-valid-for-years',
    ...ofKeys('signed-bytes'),
    find: ' && leftSeconds <= MAX_LIFETIME_SECONDS',
    replace: '',
  },
  {
    id: 'ton-transfer-not-read-whole',
    file: 'libs/pure/ton-sends/src/transfer.ts',
    specs: ['libs/pure/ton-sends/src/transfer.spec.ts'],
    find: 'transfer && bodyOf(transfer).equals(body) ? transfer : null',
    replace: 'transfer',
  },
  {
    id: 'custody-words-left-in-a-frame',
    ...ofCustody('server'),
    find: 'socket.end(frame, () => frame.fill(0));',
    replace: 'socket.end(frame);',
  },
  {
    id: 'custody-copies-not-collected',
    ...ofCustody('hardening'),
    find: 'collect();',
    replace: '',
  },
  {
    id: 'custody-debugger-by-a-signal',
    ...ofCustody('hardening'),
    find: "process.on('SIGUSR1', () => undefined);",
    replace: '',
  },
  {
    id: 'custody-call-id-of-another-call',
    ...ofCustody('store/journal.repository'),
    find: "if (!entryBytes(before).equals(entryBytes(entry))) throw new Refused('call_reused');",
    replace: '',
  },
  {
    id: 'custody-call-without-an-end',
    ...ofCustody('store/custody-database.repository'),
    find: "stream.destroy(new Error('Connection terminated: the transaction took too long'));",
    replace: 'void stream;',
  },
  {
    id: 'custody-call-of-a-caller-that-left',
    ...ofCustody('server'),
    find: 'if (socket.destroyed) return;',
    replace: '',
  },
  {
    id: 'custody-journal-with-a-gap',
    file: 'apps/custody/src/store/journal.repository.ts',
    specs: ['test/integration/custody-journal.integration-spec.ts'],
    find: 'Number(row.sequence) !== sequence + 1 || next?.equals(row.hash) !== true',
    replace: 'next === null',
  },
  {
    id: 'custody-journal-sealed-anew',
    file: 'libs/wallets/custody-client/src/journal/journal-seal.ts',
    specs: ['test/integration/custody-journal.integration-spec.ts'],
    find: 'sealed?.head ?? JOURNAL_START, through',
    replace: 'JOURNAL_START, through',
  },
  {
    id: 'custody-journal-sealed-by-a-foreign-record',
    file: 'libs/wallets/custody-client/src/journal/journal-seal.ts',
    specs: ['test/integration/custody-journal.integration-spec.ts'],
    find: 'if (sealed?.isGenuine === false) return sealed.head.sequence;',
    replace: '',
  },
  {
    id: 'custody-ring-without-a-used-key',
    ...ofCustody('key-rotation'),
    find: 'missing.length > 0',
    replace: 'missing.length < 0',
  },
];
