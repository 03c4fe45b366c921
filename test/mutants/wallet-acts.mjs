/** What embedded wallets sign, and what it means. */

const ofActs = (file, spec = file) => ({
  file: `libs/pure/wallet-acts/src/${file}.ts`,
  specs: [`libs/pure/wallet-acts/src/${spec}.spec.ts`],
});

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const walletActs = [
  {
    id: 'wallet-act-undecoded-is-signed',
    ...ofActs('decode-act', 'evm/transaction'),
    find: 'undecoded.find((call) => !isAllowed(call, context))',
    replace: 'undecoded.find(() => false)',
  },
  {
    id: 'wallet-act-allowed-on-all-chains',
    ...ofActs('decode-act', 'evm/transaction'),
    find: 'allowed.chain === chain && ',
    replace: '',
  },
  {
    id: 'wallet-act-digest-of-all-wallets',
    ...ofActs('decode-act'),
    find: 'kind, chain, address, payload]',
    replace: 'kind, chain, payload]',
  },
  {
    id: 'wallet-act-signs-a-digest',
    ...ofActs('evm/message'),
    find: "if (payload.length === DIGEST_BYTES) return refusedAct('wallet.digest_refused');",
    replace: '',
  },
  {
    id: 'wallet-act-signs-in-anywhere',
    ...ofActs('evm/message'),
    find: 'domains.includes(domain) &&',
    replace: '',
  },
  {
    id: 'wallet-act-sign-in-by-look-alikes',
    ...ofActs('evm/message'),
    find: 'foldConfusables(text)',
    replace: 'text',
  },
  {
    id: 'wallet-act-sign-in-of-another-wallet',
    ...ofActs('evm/message'),
    find: 'read.value.address.toLowerCase() === address &&',
    replace: '',
  },
  {
    id: 'wallet-act-typed-data-of-any-chain',
    ...ofActs('evm/typed-data'),
    find: "if (values['chainId'] !== BigInt(chainId)) return refusedAct('wallet.chain_mismatch');",
    replace: '',
  },
  {
    id: 'wallet-act-typed-data-with-more-fields',
    ...ofActs('fields', 'evm/typed-data'),
    find: 'entries.every(([name]) => names.includes(name))',
    replace: 'true',
  },
  {
    id: 'wallet-act-types-in-a-circle',
    ...ofActs('evm/struct-types', 'evm/typed-data'),
    find: 'references.every(isKnown) && !isCircular(types)',
    replace: 'references.every(isKnown)',
  },
  {
    id: 'wallet-act-types-that-objects-inherit',
    ...ofActs('evm/struct-types', 'evm/typed-data'),
    find: ' && !(name in Object.prototype)',
    replace: '',
  },
  {
    id: 'wallet-act-permit-by-a-witness',
    ...ofActs('evm/permits', 'evm/typed-data'),
    find: '{ ...one, spender, deadline',
    replace: '{ ...one, ...message, spender, deadline',
  },
  {
    id: 'wallet-act-permit2-anywhere',
    ...ofActs('evm/permits', 'evm/typed-data'),
    find: ' || verifyingContract !== PERMIT2',
    replace: '',
  },
  {
    id: 'wallet-act-call-in-another-encoding',
    ...ofActs('evm/calls', 'evm/transaction'),
    find: 'if (encodeAbiParameters(inputs, args) !== encoded) return null;',
    replace: '',
  },
  {
    id: 'wallet-act-multicall3-anywhere',
    ...ofActs('evm/calls', 'evm/transaction'),
    find: '(method.at ?? contract) === contract',
    replace: 'true',
  },
  {
    id: 'wallet-act-batch-hides-what-is-not-decoded',
    ...ofActs('evm/calls', 'evm/transaction'),
    find: 'undecoded: decoded.flatMap((one) => one.undecoded),',
    replace: 'undecoded: [],',
  },
  {
    id: 'wallet-act-batch-hides-spends',
    ...ofActs('evm/calls', 'evm/transaction'),
    find: '...decoded.flatMap((one) => one.spends),',
    replace: '',
  },
  {
    id: 'wallet-act-unlimited-as-a-number',
    ...ofActs('meaning', 'evm/typed-data'),
    find: "allowed === true || isUnlimited ? 'unlimited'",
    replace: "allowed === true ? 'unlimited'",
  },
  {
    id: 'wallet-act-proof-for-any-domain',
    ...ofActs('ton/ton-proof', 'ton/ton-acts'),
    find: 'domains.includes(domain) ? null',
    replace: 'domain ? null',
  },
];
