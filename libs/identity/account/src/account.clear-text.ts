import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  account_joins: {
    isOfPerson: true,
    columns: { identity_ids: 'random ids of identities' },
  },
  erasure_marks: {
    isOfPerson: false,
    columns: {
      mark: 'counter that the ledger of erasures has too',
      next_mark: 'counter that the ledger of erasures has too',
    },
  },
  joins: {
    isOfPerson: false,
    columns: {
      code_digest: holds.randomDigest,
      number: 'random number that a page shows for ten minutes',
      assurance: holds.enumerated,
      bots: holds.publicBot,
      failed_attempts: holds.counter,
      outcome: holds.enumerated,
    },
  },
  operator_counts: {
    isOfPerson: false,
    columns: { actor: holds.operator, act: holds.enumerated, count: 'number of calls' },
  },
  reveal_requests: {
    isOfPerson: true,
    columns: {
      actor: holds.operator,
      act: holds.enumerated,
      fields: 'names of fields, not their values',
      reason: 'a word or the number of a request',
      status: holds.enumerated,
      decided_by: holds.operator,
      mac_key_id: holds.keyId,
      mac: holds.keyedDigest,
    },
  },
  step_ups: {
    isOfPerson: false,
    columns: { act: holds.enumerated, code_digest: holds.randomDigest, grant_digest: holds.randomDigest },
  },
  user_reveals: {
    isOfPerson: false,
    columns: {
      actor: holds.operator,
      day: 'day on which the operator read personal fields',
      count: 'how often on that day',
    },
  },
});
