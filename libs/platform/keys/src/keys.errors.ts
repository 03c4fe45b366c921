import { defineErrors } from '@countersign/errors';

export const ringKeyError = defineErrors({
  'ring_key.not_found': {
    kind: 'not-found',
    title: 'No such key of the ring',
    remedy: '`countersign keys status` names the keys. A new key has to be in the ring of this command too.',
  },
  'ring_key.not_newer': {
    kind: 'conflict',
    title: 'Only a key of a later epoch than the active one can become active',
    remedy: 'Add a key with `countersign keys add`, which gives it the next epoch.',
  },
  'ring_key.unknown_to_replicas': {
    kind: 'conflict',
    title: 'Not every running replica knows this key',
    remedy: 'Start them with the ring that has the key, then try again.',
  },
  'ring_key.active': {
    kind: 'conflict',
    title: 'The key is active',
    remedy: 'Rotate to another key first.',
  },
  'ring_key.was_active': {
    kind: 'conflict',
    title: 'The key has been active',
    remedy: 'Only a key that was never active can be taken back. Retire it instead.',
  },
  'ring_key.never_active': {
    kind: 'conflict',
    title: 'The key has never been active',
    remedy: 'Take it back with `countersign keys drop`.',
  },
  'ring_key.too_early': {
    kind: 'conflict',
    title: 'Replicas may still use values under this key',
    remedy: 'Try again later.',
  },
  'ring_key.in_use': {
    kind: 'conflict',
    title: 'Stored values still need this key',
    remedy: 'Let `countersign keys rewrap` finish first.',
  },
});
