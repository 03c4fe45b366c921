import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  identity_keys: {
    isOfPerson: false,
    columns: { id: 'key id, which every token names', algorithm: holds.enumerated, public_key: 'published' },
  },
});
