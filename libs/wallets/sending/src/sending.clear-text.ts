import { defineReviewedTables, holds } from '@countersign/database';

const KEYED_BY_WALLET = 'keyed digest: without the key of the wallet it tells nothing';
const CHAIN = 'a chain that the operator configured';
const ORIGIN = 'numbers of PostgreSQL that name a database';
const NONCE =
  'a small number: with chain and instant it may name a transaction on a quiet chain, see security-wallets';

defineReviewedTables({
  sends: {
    isOfPerson: true,
    columns: {
      chain_id: CHAIN,
      key_digest: KEYED_BY_WALLET,
      request_digest: KEYED_BY_WALLET,
      nonce: NONCE,
      state: holds.enumerated,
      refusal: 'a code of an error',
      revision: 'how often the state changed',
    },
  },
  send_waits: { isOfPerson: true, columns: {} },
  send_versions: { isOfPerson: true, columns: { number: 'from 1 on', kind: holds.enumerated } },
  send_answers: {
    isOfPerson: true,
    columns: {
      version: 'from 1 on',
      node: 'the number of a node in the file of chains',
      answer: holds.enumerated,
      code: 'a code of JSON-RPC, or a status of HTTP',
      words: 'words of a node, without what could be an address, a hash or a key',
    },
  },
  wallet_nonces: { isOfPerson: true, columns: { chain_id: CHAIN, next: NONCE, origin: ORIGIN } },
  send_origins: { isOfPerson: false, columns: { chain_id: CHAIN, origin: ORIGIN, comparing: ORIGIN } },
  send_sums: {
    isOfPerson: false,
    columns: { id: 'an application, or all, and a coin or token that an operator limited' },
  },
  wallet_send_limits: { isOfPerson: true, columns: {} },
  send_recipients: { isOfPerson: true, columns: { digest: KEYED_BY_WALLET } },
  sending_leases: { isOfPerson: false, columns: { chain_id: CHAIN } },
});
