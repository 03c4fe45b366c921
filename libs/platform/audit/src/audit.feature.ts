import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({
  keyId: { format: 'text', meaning: 'The `kid` of a key' },
  block: { format: 'text', meaning: 'The block in JSON, as the log has it' },
});

const acts = defineActs({
  'audit.signed': {
    isAudited: false,
    meaning:
      'A block of the audit trail was signed. Stored elsewhere, it is an anchor: `countersign audit verify --lines` finds what was cut or rewritten',
    orderedBy: 'keyId',
    fields: ['keyId', 'block'],
  },
  'audit.read': null,
  'audit.verified': null,
  'audit.day_dropped': null,
});

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}
