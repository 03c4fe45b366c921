import { defineActs } from '@countersign/events';
import type { Declared } from '@countersign/text';

const acts = defineActs({ 'import.started': null, 'import.finished': null });

declare module '@countersign/events' {
  interface Acts extends Declared<typeof acts> {}
}
