import { defineReviewedTables, holds } from '@countersign/database';

const OUTLIVING_DIGEST =
  'pseudonymous: keyed digest of an application and an identity that left its account, also by an erasure; without the index key it tells nothing';

defineReviewedTables({
  identities: {
    isOfPerson: true,
    columns: {
      provider: holds.enumerated,
      environment: holds.enumerated,
      asserted_fields: 'names of fields, not their values',
      platform_fields: 'names of fields, not their values',
      cap: holds.enumerated,
      attached_by: holds.enumerated,
      attached_with: 'bots that took part when the identity was linked',
    },
  },
  identity_aliases: {
    isOfPerson: true,
    columns: { issuer: 'address of the platform', audience: holds.publicBot },
  },
  identity_digests: { isOfPerson: true, columns: { key_id: holds.keyId, digest: holds.keyedDigest } },
  identity_marks: {
    isOfPerson: true,
    columns: { key_id: holds.keyId, digest: OUTLIVING_DIGEST, kind: holds.enumerated },
  },
  installation: {
    isOfPerson: false,
    columns: {
      separation_days: 'a setting of the operator',
      account_level: holds.enumerated,
      reveal_approval: holds.enumerated,
      export_approval: holds.enumerated,
    },
  },
  lookup_digests: {
    isOfPerson: true,
    columns: { field: holds.enumerated, key_id: holds.keyId, digest: holds.keyedDigest },
  },
  lookup_fields: {
    isOfPerson: false,
    columns: { field: holds.enumerated, skipped: 'number of rows' },
  },
  proof_cutoffs: { isOfPerson: true, columns: { assurance: holds.enumerated } },
  user_applications: {
    isOfPerson: true,
    columns: {
      first_seen_on: 'day of the first sign-in to an application',
      last_seen_on: 'day of the last visit to an application',
    },
  },
  user_erasures: {
    isOfPerson: true,
    columns: {
      kind: holds.enumerated,
      reason: holds.enumerated,
      assurance: holds.enumerated,
      bots: 'bots whose proofs requested the erasure',
    },
  },
  users: { isOfPerson: true, columns: { status: holds.enumerated, erasure: holds.enumerated } },
});
