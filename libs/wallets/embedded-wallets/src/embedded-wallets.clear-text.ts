import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  embedded_wallets: {
    isOfPerson: true,
    columns: {
      environment: holds.enumerated,
      provider: holds.enumerated,
      frozen_by: holds.enumerated,
      settled_merges: 'random ids of merges',
    },
  },
  wallet_acts: {
    isOfPerson: true,
    columns: {
      act: holds.enumerated,
      digest: 'keyed digest: without the key of the wallet it tells nothing',
      token_digest: 'SHA-256 of a random token',
    },
  },
  funding_account: { isOfPerson: false, columns: {} },
  wallet_brake: { isOfPerson: false, columns: { reason: 'a word or the number of a request' } },
  wallet_destructions: { isOfPerson: false, columns: {} },
  wallet_recoveries: { isOfPerson: true, columns: { outcome: holds.enumerated } },
  wallet_recovery_secrets: { isOfPerson: true, columns: { digest: 'SHA-256 of a random secret' } },
  wallet_grants: { isOfPerson: true, columns: {} },
});
