import { defineErrors } from '@countersign/errors';
import { sendRefusals } from '@countersign/sends';

/** Why something is not sent: as `libs/pure/sends` decides. */
export const sendRefusal = defineErrors(sendRefusals);

/** Why a request to send is refused by what this service or the nodes of a chain know. */
export const sendReadingError = defineErrors({
  'send.not_found': { kind: 'not-found', title: 'No such send' },
  'send.key_reused': {
    kind: 'impossible',
    title: 'The key was used for another act',
    remedy: 'Use a new key for each act. GET /v1/wallets/{walletId}/sends lists the sends.',
  },
  'send.chain_off': {
    kind: 'conflict',
    title: 'Wallets send nothing on this chain',
    remedy: 'An operator gives the chain `sending` in CHAINS_FILE (docs/chains.md).',
  },
  'send.would_fail': {
    kind: 'conflict',
    title: 'Two nodes of the chain say that the transaction would fail',
    remedy: 'Compare amount, balance and the rules of the contract.',
  },
  'send.funds_too_low': {
    kind: 'conflict',
    title:
      'The wallet does not have the amount and the greatest fee, without what is too new and what other sends take',
  },
  'send.funds_unknown': {
    kind: 'unavailable',
    title: 'Two nodes of the chain do not say what the wallet has, in the latest block and in a deep one',
    remedy:
      'Try again after the number of seconds in `Retry-After`. Nodes need the states of `sending.depth` blocks.',
  },
  'send.not_replaceable': {
    kind: 'conflict',
    title: 'A send on this chain cannot be replaced',
    remedy: 'Read it again after a minute: then it is in a block, or never will be.',
  },
  'send.settled': {
    kind: 'conflict',
    title: 'The send does not wait for this',
    remedy: 'Read it again: GET /v1/wallets/{walletId}/sends/{sendId}.',
  },
});
