import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  profile_preferences: { isOfPerson: true, columns: { assurance: holds.enumerated } },
  profiles: {
    isOfPerson: true,
    columns: { field_settings: 'names of fields, with enumerated values and ids of applications' },
  },
  username_digests: { isOfPerson: true, columns: { key_id: holds.keyId, digest: holds.keyedDigest } },
});
