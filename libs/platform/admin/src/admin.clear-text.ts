import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  principal_assertions: { isOfPerson: false, columns: { digest: holds.randomDigest } },
  principal_secrets: {
    isOfPerson: false,
    columns: {
      name: holds.chosenByOperator,
      digest: holds.randomDigest,
      issued_by: holds.operator,
      mac_key_id: holds.keyId,
      mac: holds.keyedDigest,
    },
  },
  principal_tokens: {
    isOfPerson: false,
    columns: {
      digest: holds.randomDigest,
      scopes: holds.enumerated,
      mac_key_id: holds.keyId,
      mac: holds.keyedDigest,
    },
  },
  principals: {
    isOfPerson: false,
    columns: {
      name: holds.chosenByOperator,
      kind: holds.enumerated,
      status: holds.enumerated,
      scopes: holds.enumerated,
      keys: 'public keys of operators and their machines',
      mac_key_id: holds.keyId,
      mac: holds.keyedDigest,
      provider_subject: 'issuer and subject of an operator at the company’s OpenID provider',
      created_by: holds.operator,
      origins: holds.operator,
      secret_ids: 'ids of secrets',
    },
  },
});
