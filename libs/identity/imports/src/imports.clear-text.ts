import { defineReviewedTables, holds } from '@countersign/database';

const OUTLIVING_DIGEST =
  'pseudonymous: keyed digest of an id; it outlives the identity, so that a repeated import does not bring an erased person back';

defineReviewedTables({
  imports: { isOfPerson: false, columns: { name: holds.chosenByOperator } },
  imported_identities: {
    isOfPerson: true,
    columns: { subject_digest: OUTLIVING_DIGEST, external_digest: OUTLIVING_DIGEST },
  },
});
