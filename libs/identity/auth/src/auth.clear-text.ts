import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  oidc_transactions: {
    isOfPerson: false,
    columns: { state_digest: holds.randomDigest, browser_digest: holds.randomDigest },
  },
  proofs: {
    isOfPerson: true,
    columns: {
      signed_on: 'day of the signature',
      proof_id: 'digest of the signed fields of a proof, with their instant',
      pair: 'empty, or the use of the proof, sealed under the proof and a key of the ring',
      secret_digest: 'digest of the hash or signature of a proof',
    },
  },
  redirect_codes: {
    isOfPerson: false,
    columns: { digest: holds.randomDigest, code_challenge: 'digest of a random secret (RFC 7636)' },
  },
  wallet_challenges: { isOfPerson: false, columns: { digest: holds.randomDigest } },
});
