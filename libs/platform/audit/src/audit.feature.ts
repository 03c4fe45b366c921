import { defineEvents, type EventFields } from './events/event';

export const auditFields = {
  keyId: { format: 'text', meaning: 'The `kid` of a key' },
  block: { format: 'text', meaning: 'The block in JSON, as the log has it' },
} as const satisfies EventFields;

const { keyId, block } = auditFields;

export const auditEvents = defineEvents({
  signed: {
    name: 'audit.signed',
    isAudited: false,
    meaning:
      'A block of the audit trail was signed. Stored elsewhere, it is an anchor: `countersign audit verify --lines` finds what was cut or rewritten',
    orderedBy: 'keyId',
    fields: { keyId, block },
  },
  read: 'audit.read',
  verified: 'audit.verified',
  dayDropped: 'audit.day_dropped',
});
