/** The API of Xellar's clients. */

const ofDoor = (file, ...specs) => ({
  file: `libs/doors/xellar/src/${file}.ts`,
  specs: specs.map((name) => `test/integration/xellar-${name}.integration-spec.ts`),
});

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const xellar = [
  {
    id: 'xellar-page-of-any-origin',
    ...ofDoor('clients/xellar-clients', 'login'),
    find: '    await this.origins.assertAllowed(id, origin);\n',
    replace: '',
  },
  {
    id: 'xellar-secret-from-a-page',
    ...ofDoor('clients/xellar-clients', 'login'),
    find: "    if (origin !== undefined) throw xellarError('xellar.secret_in_page');\n",
    replace: '',
  },
  {
    id: 'xellar-id-beside-another-secret',
    ...ofDoor('clients/xellar-clients', 'login'),
    find: "id === null || (appId !== '' && appId.toLowerCase() !== id)",
    replace: 'id === null',
  },
  {
    id: 'xellar-token-of-a-replaced-pair',
    file: 'libs/identity/sessions/src/access/token-inspector.ts',
    specs: ['test/integration/replaced-tokens.integration-spec.ts'],
    find: 'return session && servesPair(session, pair, this.clock.now()) ? session : null;',
    replace: 'return session;',
  },
  {
    id: 'xellar-two-proofs-of-two-people',
    ...ofDoor('sign-in/xellar-sign-in.service', 'login'),
    find: 'byWidget && byWidget.proof.subject !== byApp.proof.subject',
    replace: 'byWidget === null',
  },
  {
    id: 'xellar-login-takes-codes',
    ...ofDoor('sign-in/xellar-sign-in.service', 'login'),
    find: '!(await this.isCodeOfThisApi(byApp.proof.startParam))',
    replace: 'false',
  },
  {
    id: 'xellar-flat-text-where-a-signature-is-required',
    ...ofDoor('sign-in/flat-init-data.door', 'login'),
    find: "    if (bot.signaturePolicy === 'required') throw initDataError('init_data.signature_missing');\n",
    replace: '',
  },
  {
    id: 'xellar-token-of-any-kind',
    ...ofDoor('tokens/xellar-sessions', 'tokens'),
    find: 'await this.tokens.read(kind, text)',
    replace: "(await this.tokens.read(kind, text)) ?? (await this.tokens.read('access', text))",
  },
  {
    id: 'xellar-read-without-using-the-token-up',
    ...ofDoor('wallets/xellar-reads.service', 'reading'),
    find: '    await this.used.useAlone(token);\n',
    replace: '',
  },
  {
    id: 'xellar-read-of-a-chain-that-is-not-asked',
    ...ofDoor('wallets/xellar-reads.service', 'reading'),
    find: 'chain.mayNameAddresses && isOn',
    replace: 'isOn',
  },
  {
    id: 'xellar-wallet-of-another-application',
    ...ofDoor('tokens/session-answers', 'reading'),
    find: 'if (wallet.isGranted) return wallet;',
    replace: 'if (wallet) return wallet;',
  },
  {
    id: 'xellar-refresh-by-another-application',
    ...ofDoor('wallets/xellar-accounts.service', 'wallets'),
    find: 'found.applicationId !== applicationId || !isOfThisApi(found)',
    replace: '!isOfThisApi(found)',
  },
  {
    id: 'compat-cancels-sends-of-the-native-api',
    file: 'libs/wallets/sending/src/making/sending.service.ts',
    specs: ['test/integration/xellar-sends.integration-spec.ts'],
    find: '!send?.isCompat || send.applicationId',
    replace: '!send || send.applicationId',
  },
  {
    id: 'compat-cancels-sends-of-another-application',
    file: 'libs/wallets/sending/src/making/sending.service.ts',
    specs: ['test/integration/xellar-sends.integration-spec.ts'],
    find: '!send?.isCompat || send.applicationId !== caller.applicationId',
    replace: '!send?.isCompat',
  },
  {
    id: 'xellar-amount-with-too-many-digits',
    ...ofDoor('protocol/units', 'reading'),
    find: "whole === '' || fraction.replace(/0+$/, '').length > decimals",
    replace: "whole === ''",
  },
  {
    id: 'receipt-of-one-node',
    file: 'libs/wallets/chains/src/evm/receipts.ts',
    specs: ['test/integration/xellar-reading.integration-spec.ts'],
    find: '        nodes.length,\n',
    replace: '        1,\n',
  },
];
