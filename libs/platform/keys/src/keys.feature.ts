import { defineEvents } from '@countersign/events';

export const keyEvents = defineEvents({
  keyRotated: 'ring_key.rotated',
  keyRetired: 'ring_key.retired',
});
