import { defineErrors } from '@countersign/errors';

export const idempotencyError = defineErrors({
  'idempotency.invalid_key': {
    kind: 'malformed',
    title: '`Idempotency-Key` is not one of 1 to 255 visible characters',
  },
  'idempotency.in_progress': {
    kind: 'conflict',
    title: 'The first request with this `Idempotency-Key` is still being answered',
    remedy: 'Repeat the request after a moment.',
  },
  'idempotency.unknown_outcome': {
    kind: 'conflict',
    title: 'The first request with this `Idempotency-Key` was interrupted',
    remedy: 'Look whether it has created something, then use another key.',
  },
  'idempotency.key_reused': {
    kind: 'impossible',
    title: 'This `Idempotency-Key` was used for another request',
    remedy: 'Use a new key for each request.',
  },
});
