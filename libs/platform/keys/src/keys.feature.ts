import { defineActs } from '@countersign/events';
import type { Declared } from '@countersign/text';

const acts = defineActs({
  'ring_key.rotated': null,
  'ring_key.retired': null,
});

declare module '@countersign/events' {
  interface Acts extends Declared<typeof acts> {}
}
