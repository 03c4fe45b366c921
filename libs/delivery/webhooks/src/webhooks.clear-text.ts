import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  webhook_attempts: {
    isOfPerson: false,
    columns: { outcome: holds.enumerated, status: 'HTTP status', duration_ms: 'milliseconds' },
  },
  webhook_deliveries: {
    isOfPerson: true,
    columns: {
      sequence: holds.counter,
      subject: 'id of an account or object',
      type: holds.enumerated,
      state: holds.enumerated,
      attempts: holds.counter,
    },
  },
  webhook_endpoints: {
    isOfPerson: false,
    columns: {
      name: holds.chosenByOperator,
      url: 'address that an operator chose',
      types: holds.enumerated,
      application_ids: 'ids of applications',
      status: holds.enumerated,
      disabled_reason: holds.enumerated,
    },
  },
  webhook_queues: { isOfPerson: true, columns: { subject: 'id of an account or object' } },
  webhook_secrets: { isOfPerson: false, columns: { kind: holds.enumerated, public_key: 'public key' } },
});
