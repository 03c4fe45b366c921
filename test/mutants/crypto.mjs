/** Sealing, tags, indexes and the check of the key ring. */

const envelope = {
  file: 'libs/crypto/src/envelope.ts',
  find: 'place.table, place.column, place.row',
  specs: ['libs/crypto/src/envelope.spec.ts'],
};
const keys = ['test/integration/keys.integration-spec.ts'];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const crypto = [
  { id: 'seal-any-table', ...envelope, replace: 'place.column, place.row' },
  { id: 'seal-any-column', ...envelope, replace: 'place.table, place.row' },
  { id: 'seal-any-row', ...envelope, replace: 'place.table, place.column' },
  {
    id: 'seal-any-purpose',
    file: 'libs/crypto/src/derived-seal.ts',
    find: 'NO_SALT, utf8(purpose), KEY_BYTES',
    replace: 'NO_SALT, NO_SALT, KEY_BYTES',
    specs: ['libs/crypto/src/derived-seal.spec.ts'],
  },
  {
    id: 'index-any-context',
    file: 'libs/crypto/src/blind-index.ts',
    find: 'lengthPrefixed([context, ...parts])',
    replace: 'lengthPrefixed([...parts])',
    specs: ['libs/crypto/src/blind-index.spec.ts'],
  },
  {
    id: 'token-any-tag',
    file: 'libs/crypto/src/opaque-token.ts',
    find: 'return equalsConstantTime(tag, bytes.subarray(bodyLength));',
    replace: 'return true;',
    specs: ['libs/crypto/src/opaque-token.spec.ts'],
  },
  {
    id: 'keys-wrong-key-boots',
    file: 'libs/keys/src/ring-states.ts',
    find: 'if (!equalsConstantTime(keyCheckValue({ purpose, id, ...key }), checkValue))',
    replace: 'if (false)',
    specs: keys,
  },
  {
    id: 'keys-missing-key-boots',
    file: 'libs/keys/src/ring-states.ts',
    find: "else if (state !== 'known')",
    replace: 'else if (false)',
    specs: keys,
  },
];
