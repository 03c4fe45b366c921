import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  wallet_address_digests: {
    isOfPerson: true,
    columns: { key_id: holds.keyId, digest: holds.keyedDigest },
  },
  wallets: {
    isOfPerson: true,
    columns: {
      kind: holds.enumerated,
      provider: holds.enumerated,
      environment: holds.enumerated,
      chain_id: 'the chain of a contract wallet',
      owners_changes: holds.counter,
    },
  },
});
