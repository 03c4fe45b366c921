import { defineErrors } from '@countersign/errors';
import { sendRefusals } from '@countersign/sends';

/** Why something is not sent: as `libs/pure/sends` decides. */
export const sendRefusal = defineErrors(sendRefusals);

export const sendError = defineErrors({
  'send.not_found': { kind: 'not-found', title: 'No such send' },
  'send.key_reused': {
    kind: 'impossible',
    title: 'The key was used for another send',
    remedy: 'Use a new key for each send. GET /v1/wallets/{walletId}/sends lists them.',
  },
  'send.chain_off': {
    kind: 'conflict',
    title: 'Wallets send nothing on this chain',
    remedy: 'An operator gives the chain `sending` in CHAINS_FILE (docs/operations.md#chains).',
  },
  'send.would_fail': {
    kind: 'conflict',
    title: 'Two nodes of the chain say that the transaction would fail',
    remedy: 'Compare amount, balance and the rules of the contract.',
  },
  'send.funds_too_low': {
    kind: 'conflict',
    title: 'The wallet does not have the coins for the amount and the greatest fee',
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
  'send.settled': {
    kind: 'conflict',
    title: 'The send does not wait any more',
    remedy: 'Read it again: GET /v1/wallets/{walletId}/sends/{sendId}.',
  },
  'send.earlier_waits': {
    kind: 'conflict',
    title: 'An earlier send of the wallet waits: this one cannot be in a block before it',
    remedy: 'Speed up or cancel the earliest one that waits.',
  },
  'send.too_many_versions': { kind: 'conflict', title: 'The send was replaced too often' },
});
