/** Sealing, tags, indexes and the check of the key ring. */

const envelope = {
  file: 'libs/pure/crypto/src/envelope.ts',
  find: 'aad.table, aad.column, aad.row',
  specs: ['libs/pure/crypto/src/envelope.spec.ts'],
};
const keys = ['test/integration/keys.integration-spec.ts'];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const crypto = [
  { id: 'seal-any-table', ...envelope, replace: 'aad.column, aad.row' },
  { id: 'seal-any-column', ...envelope, replace: 'aad.table, aad.row' },
  { id: 'seal-any-row', ...envelope, replace: 'aad.table, aad.column' },
  {
    id: 'seal-any-purpose',
    file: 'libs/pure/crypto/src/derived-seal.ts',
    find: 'NO_SALT, utf8(purpose), KEY_BYTES',
    replace: 'NO_SALT, NO_SALT, KEY_BYTES',
    specs: ['libs/pure/crypto/src/derived-seal.spec.ts'],
  },
  {
    id: 'index-any-context',
    file: 'libs/pure/crypto/src/blind-index.ts',
    find: 'lengthPrefixed([context, ...parts])',
    replace: 'lengthPrefixed([...parts])',
    specs: ['libs/pure/crypto/src/blind-index.spec.ts'],
  },
  {
    id: 'token-any-tag',
    file: 'libs/pure/crypto/src/opaque-token.ts',
    find: 'return equalsConstantTime(tag, bytes.subarray(bodyLength));',
    replace: 'return true;',
    specs: ['libs/pure/crypto/src/opaque-token.spec.ts'],
  },
  {
    id: 'data-key-any-bytes-rewrapped',
    file: 'libs/pure/crypto/src/data-key.ts',
    find: '  toDataKey(plain);\n  return sealBytes(to',
    replace: '  return sealBytes(to',
    specs: ['libs/pure/crypto/src/data-key.spec.ts'],
  },
  {
    id: 'keys-epoch-of-a-former-key',
    file: 'libs/pure/crypto/src/keys/key-ring.ts',
    find: 'Math.max(...keys.map((key) => key.epoch)) + 1',
    replace: 'keys.length + 1',
    specs: ['libs/pure/crypto/src/keys/key-ring.spec.ts'],
  },
  {
    id: 'configuration-one-made-up-telegram',
    file: 'libs/platform/config/src/configuration.ts',
    find: 'values.demoTelegramKeys.length > 0)',
    replace: 'values.demoTelegramKeys.length > 1)',
    specs: ['libs/platform/config/src/configuration.spec.ts'],
  },
  {
    id: 'configuration-public-url-with-a-password',
    file: 'libs/platform/config/src/environment-texts.ts',
    find: 'url.hash || url.username || url.password)',
    replace: 'url.hash || url.username)',
    specs: ['libs/platform/config/src/configuration.spec.ts'],
  },
  {
    id: 'keys-wrong-key-boots',
    file: 'libs/platform/keys/src/ring-states.ts',
    find: 'if (!equalsConstantTime(keyCheckValue({ purpose, id, ...key }), checkValue))',
    replace: 'if (false)',
    specs: keys,
  },
  {
    id: 'keys-missing-key-boots',
    file: 'libs/platform/keys/src/ring-states.ts',
    find: "else if (state !== 'known')",
    replace: 'else if (false)',
    specs: keys,
  },
];
