import { defineEvents } from '@countersign/audit';

export const keyEvents = defineEvents({
  keyRotated: 'ring_key.rotated',
  keyRetired: 'ring_key.retired',
});
