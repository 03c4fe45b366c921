import { defineReviewedSchema } from '@countersign/database';

defineReviewedSchema(
  'pgboss',
  'the job queue: names, times and states of recurring jobs. They carry no data, which a test checks.',
);
