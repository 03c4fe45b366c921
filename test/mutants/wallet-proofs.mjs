/** Proofs of wallets, and the transactions that are read about them. */

const ofProofs = (file, spec = file) => ({
  file: `libs/pure/wallet-proofs/src/${file}.ts`,
  specs: [`libs/pure/wallet-proofs/src/${spec}.spec.ts`],
});
const ofTransfers = (file, spec = file) => ({
  file: `libs/pure/evm-transfers/src/${file}.ts`,
  specs: [`libs/pure/evm-transfers/src/${spec}.spec.ts`],
});

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
const proofs = [
  {
    id: 'wallet-data-with-other-bytes',
    ...ofProofs('ton/signed-messages'),
    find: 'return tonDataMessage(message).equals(bytes) ? message : null;',
    replace: 'return message;',
  },
  {
    id: 'wallet-data-cell-with-a-tail',
    ...ofProofs('ton/signed-messages'),
    find: ' && dataCell(message, content).equals(root)',
    replace: '',
  },
  {
    id: 'wallet-key-of-anybody',
    ...ofProofs('evm/evm-signature'),
    find: 'signer.ok && signer.value === address',
    replace: 'signer.ok',
  },
  {
    id: 'wallet-signature-wrapped-by-a-draft',
    ...ofProofs('evm/evm-signature'),
    find: "if (hex.endsWith(ERC8010_MAGIC)) return refused('wallet.signature_unsupported');",
    replace: '',
  },
  {
    id: 'wallet-wrapper-in-another-encoding',
    ...ofProofs('evm/erc6492'),
    find: 'if (encodeAbiParameters(PARAMETERS, [factory, factoryData, inner]) !== body) return null;',
    replace: '',
  },
  {
    id: 'wallet-wrapper-in-a-wrapper',
    ...ofProofs('evm/erc6492'),
    find: '|| isErc6492(inner)',
    replace: '',
  },
  {
    id: 'wallet-address-any-checksum',
    ...ofProofs('evm/evm-address', 'addresses'),
    find: 'text === lower || text === showEvmAddress(lower)',
    replace: 'text.length > 0',
  },
  {
    id: 'wallet-chain-with-zeros',
    ...ofProofs('chain-id', 'addresses'),
    find: ' || String(chainId) !== reference',
    replace: '',
  },
  {
    id: 'wallet-siwe-second-reading',
    ...ofProofs('evm/siwe-message'),
    find: ' || serialized(fields) !== text',
    replace: '',
  },
  {
    id: 'wallet-siwe-any-checksum',
    ...ofProofs('evm/siwe-message'),
    find: 'address === showEvmAddress(address.toLowerCase() as EvmAddress) &&',
    replace: '',
  },
  {
    id: 'wallet-ton-weak-key',
    ...ofProofs('ton/verify-ton-proof'),
    find: "if (isOfSmallOrder(key)) return refused('wallet.public_key_weak');",
    replace: '',
  },
  {
    id: 'wallet-ton-claimed-key',
    ...ofProofs('ton/verify-ton-proof'),
    find: 'if (!bound) return accepted(needsKey);',
    replace: '',
  },
  {
    id: 'wallet-ton-retired-key',
    ...ofProofs('ton/verify-ton-proof'),
    find: '(!wallet.keyRotates || policy.isUndeployed === true)',
    replace: 'true',
  },
  {
    id: 'wallet-ton-any-subwallet',
    ...ofProofs('ton/ton-state-init'),
    find: 'if (isUnknown) return accepted({ codeHash, wallet: null });',
    replace: '',
  },
  {
    id: 'wallet-ton-two-keys',
    ...ofProofs('ton/verify-ton-proof'),
    find: "if (others.some((other) => !other.equals(key))) return refused('wallet.public_key_mismatch');",
    replace: '',
  },
  {
    id: 'wallet-ton-any-payload',
    ...ofProofs('ton/verify-ton-proof'),
    find: "if (proof.payload !== policy.payload) return 'wallet.payload_mismatch';",
    replace: '',
  },
  {
    id: 'wallet-ton-any-network',
    ...ofProofs('ton/verify-ton-proof'),
    find: "if (proof.network !== policy.network) return 'wallet.network_mismatch';",
    replace: '',
  },
  {
    id: 'wallet-ton-any-address',
    ...ofProofs('ton/verify-ton-proof'),
    find: "if (policy.address !== null && proof.address.raw !== policy.address) return 'wallet.address_mismatch';",
    replace: '',
  },
  {
    id: 'wallet-ton-any-domain',
    ...ofProofs('ton/verify-ton-proof'),
    find: "if (proof.domain !== policy.domain) return 'wallet.domain_mismatch';",
    replace: '',
  },
  {
    id: 'wallet-ton-before-the-challenge',
    ...ofProofs('ton/verify-ton-proof'),
    find: "if (proof.timestamp < from) return 'wallet.proof_expired';",
    replace: '',
  },
  {
    id: 'wallet-ton-in-the-future',
    ...ofProofs('ton/verify-ton-proof'),
    find: "if (proof.timestamp > until) return 'wallet.proof_in_future';",
    replace: '',
  },
  {
    id: 'wallet-ton-any-state-init',
    ...ofProofs('ton/ton-state-init'),
    find: "if (!root.hash().equals(address.hash)) return refused('wallet.state_init_mismatch');",
    replace: '',
  },
  {
    id: 'wallet-ton-signatures-off',
    ...ofProofs('ton/ton-state-init'),
    find: "if (data.bits.at(0) === signaturesOffWhenFirstBitIs) return refused('wallet.signature_not_allowed');",
    replace: '',
  },
  {
    id: 'wallet-ton-pruned-cells',
    ...ofProofs('ton/bounded-boc'),
    find: 'others.length === 0 && root.level() === 0',
    replace: 'others.length === 0',
  },
  {
    id: 'wallet-ton-any-number-of-cells',
    ...ofProofs('ton/bounded-boc'),
    find: 'cells > maxCells || ',
    replace: '',
  },
  {
    id: 'wallet-ton-length-of-domain',
    ...ofProofs('ton/ton-proof'),
    find: "domain.get('lengthBytes') !== Buffer.byteLength(domainText)",
    replace: 'false',
  },
];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
const transactions = [
  {
    id: 'transaction-logs-of-another-block',
    ...ofTransfers('reading/read-logs', 'reading/read-transaction'),
    find: "isHash(log['blockHash'], hash) &&",
    replace: '',
  },
  {
    id: 'transaction-logs-with-gaps',
    ...ofTransfers('reading/read-logs', 'reading/read-transaction'),
    find: ' || index !== position.logIndex + at',
    replace: '',
  },
  {
    id: 'transaction-receipt-of-another-transaction',
    ...ofTransfers('reading/read-transaction'),
    find: " || !isHash(receipt['transactionHash'], sent.hash)",
    replace: '',
  },
  {
    id: 'transaction-coin-counted-twice',
    ...ofTransfers('transfers/token-logs', 'chain-shapes'),
    find: "if (coin === 'mirror') return null;",
    replace: '',
  },
  {
    id: 'transaction-batch-of-two-lengths',
    ...ofTransfers('transfers/token-logs'),
    find: ' || words.size(amounts) !== count',
    replace: '',
  },
  {
    id: 'transaction-own-doing-of-anyone',
    ...ofTransfers('transfers/spam'),
    find: 'return transaction?.from === wallet;',
    replace: 'return wallet.length > 0 && transaction !== null;',
  },
];

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const walletProofs = [...proofs, ...transactions];
