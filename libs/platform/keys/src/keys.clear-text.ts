import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  key_checks: {
    isOfPerson: false,
    columns: {
      purpose: holds.enumerated,
      key_id: holds.keyId,
      value: 'check value, from which no key follows',
    },
  },
  key_progress: {
    isOfPerson: false,
    columns: {
      work: 'name of a pass over a table',
      key_id: holds.keyId,
      position: 'id of the last row that was looked at',
      done: 'number of rows',
      remaining: 'number of rows',
    },
  },
  replicas: {
    isOfPerson: false,
    columns: {
      version: 'release of the service',
      keys: 'ids and check values of keys, from which no key follows',
      clock_skew_seconds: 'difference of two clocks',
    },
  },
  ring_keys: {
    isOfPerson: false,
    columns: {
      purpose: holds.enumerated,
      key_id: holds.keyId,
      epoch: 'number that the operator gave the key',
      state: holds.enumerated,
      check_value: 'check value, from which no key follows',
    },
  },
});
