import { defineActs } from '@countersign/events';
import type { Declared } from '@countersign/text';

const acts = defineActs({
  'job.run_requested': null,
  'principal.created': null,
  'principal.changed': null,
  'principal.removed': null,
  'principal.secret_added': null,
  'principal.secret_removed': null,
  'principal.authenticated': null,
  'principal.session_ended': null,
});

declare module '@countersign/events' {
  interface Acts extends Declared<typeof acts> {}
}
