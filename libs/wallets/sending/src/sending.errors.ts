import { defineErrors } from '@countersign/errors';

export const sendError = defineErrors({
  'send.key_reused': {
    kind: 'impossible',
    title: 'The key was used for another send',
    remedy: 'Use a new key for each send. GET /v1/wallets/{walletId}/sends lists them.',
  },
  'send.nonces_missing': {
    kind: 'conflict',
    title: 'The chain knows less of the wallet than this service: nothing is sent until both are the same',
    remedy:
      'Try again when the nodes of the chain have all blocks. After a restore an operator compares both.',
  },
  'send.too_many_open': {
    kind: 'conflict',
    title: 'Too many sends of the wallet wait on this chain',
    remedy: 'Wait until the first ones are in a block, or speed the first one up.',
  },
  'send.not_confirmed': {
    kind: 'conflict',
    title: 'No launch of the person confirmed the send in time',
    remedy: 'Send it again with another key, and open the link at once.',
  },
  'send.used_elsewhere': {
    kind: 'conflict',
    title: 'While the send waited, the chain got a transaction of the wallet that this service does not know',
    remedy: 'Look at the chain whether it was this one, and send it again with another key.',
  },
  'send.earlier_waits': {
    kind: 'conflict',
    title: 'An earlier send of the wallet waits: this one cannot be in a block before it',
    remedy: 'Speed up or cancel the earliest one that waits.',
  },
  'send.not_yet': {
    kind: 'forbidden',
    title:
      'The send would have to wait, or to be named by a launch, which a token of a compatible API cannot do',
    remedy: 'Compare `sends` of the application and the limits of the wallet (docs/embedded-wallets.md).',
  },
  'send.recipient_not_found': { kind: 'not-found', title: 'The wallet does not know this recipient' },
  'send.too_many_versions': { kind: 'conflict', title: 'The send was replaced too often' },
});
