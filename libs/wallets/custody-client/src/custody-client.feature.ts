import { defineActs } from '@countersign/events';
import type { Declared } from '@countersign/text';

const acts = defineActs({
  'custody.journal_sealed': null,
  'custody.journal_accepted': null,
});

declare module '@countersign/events' {
  interface Acts extends Declared<typeof acts> {}
}
