import { defineReviewedTables } from '@countersign/database';

defineReviewedTables({
  idempotency_keys: {
    isOfPerson: false,
    columns: { digest: 'digest of a caller, a route and a key of the caller’s choice' },
  },
});
