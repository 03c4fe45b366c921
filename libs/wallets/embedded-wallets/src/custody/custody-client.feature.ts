import { defineEvents } from '@countersign/audit';

export const custodyEvents = defineEvents({
  journalSealed: 'custody.journal_sealed',
  journalAccepted: 'custody.journal_accepted',
});
