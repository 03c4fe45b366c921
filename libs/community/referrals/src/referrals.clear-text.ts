import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  referral_codes: {
    isOfPerson: true,
    columns: {
      code: 'random code that the person shares with others',
      node_id: holds.counter,
    },
  },
  referral_nodes: {
    isOfPerson: true,
    columns: {
      id: holds.counter,
      person_id: holds.counter,
      parent_id: 'number of the node of the person who brought this one',
      source: holds.enumerated,
      origin: holds.origin,
    },
  },
  referral_paths: {
    isOfPerson: true,
    columns: {
      node_id: 'number of a node',
      level: 'a count',
      ancestor_id: 'number of the node of a person above',
    },
  },
});
