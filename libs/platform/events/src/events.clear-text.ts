import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  event_positions: {
    isOfPerson: false,
    columns: {
      id: 'name of a reader',
      transaction: holds.counter,
      sequence: holds.counter,
      floor: holds.counter,
    },
  },
  event_subscriptions: {
    isOfPerson: false,
    columns: { types: holds.enumerated, application_ids: 'ids of applications' },
  },
  events: {
    isOfPerson: true,
    columns: {
      sequence: holds.counter,
      transaction: holds.counter,
      type: holds.enumerated,
      subject: 'id of an account or object',
      application_ids: 'ids of applications',
      data: 'ids, enumerated values, and scores of the first people of a closed season',
    },
  },
});
