import { defineEventFields, defineEventTypes } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({
  keyId: { format: 'text', meaning: 'The `kid` of a key' },
  block: { format: 'text', meaning: 'The block in JSON, as `countersign audit blocks --json` prints it' },
});

const eventTypes = defineEventTypes({
  'audit.signed': {
    version: 1,
    meaning:
      'A block of the audit trail was signed. Stored elsewhere, it is an anchor: `countersign audit verify --lines` finds what was cut or rewritten',
    orderedBy: 'keyId',
    fields: ['keyId', 'block'],
  },
});

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface EventTypes extends Declared<typeof eventTypes> {}
}
