import { defineErrors } from '@countersign/errors';

export const sendError = defineErrors({
  'send.nonces_missing': {
    kind: 'conflict',
    title: 'The chain knows less of the wallet than this service: nothing is sent until both are the same',
    remedy: 'Try again when the nodes have all blocks. After a restore an operator compares.',
  },
  'send.too_many_open': {
    kind: 'conflict',
    title: 'Too many sends of the wallet wait on this chain',
    remedy: 'Wait until the first ones are in a block, or speed the first one up.',
  },
  'send.earlier_waits': {
    kind: 'conflict',
    title: 'An earlier send of the wallet waits: this one cannot be in a block before it',
    remedy: 'Speed up or cancel the earliest one that waits.',
  },
  'send.too_many_versions': { kind: 'conflict', title: 'The send was replaced too often' },
});
