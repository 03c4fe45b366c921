import { defineErrors, refusals } from '@countersign/text';
import { sendRefusals, type RefusedSend, type SendResult } from '@countersign/wallet-acts';

export const RETRY_AFTER_SECONDS = 5;

const sendRefusal = defineErrors(sendRefusals);

export const sendError = defineErrors({
  ...refusals('not-found', { 'send.not_found': 'No such send' }),
  ...refusals('conflict', {
    'send.chain_off':
      'Wallets send nothing on this chain. An operator gives the chain `sending` in `CHAINS` (docs/chains.md).',
    'send.would_fail':
      'Two nodes of the chain say that the transaction would fail. Compare amount, balance and the rules of the contract.',
    'send.funds_too_low':
      'The wallet does not have the amount and the greatest fee, without what is too new and what other sends take',
    'send.not_replaceable':
      'A send on this chain cannot be replaced. Read it again after a minute: then it is in a block, or never will be.',
    'send.settled':
      'The send does not wait for this. Read it again: GET /v1/wallets/{walletId}/sends/{sendId}.',
    'send.nonces_missing':
      'The chain knows less of the wallet than this service: nothing is sent until both are the same. Try again when the nodes have all blocks. After a restore an operator compares.',
    'send.too_many_open':
      'Too many sends of the wallet wait on this chain. Wait until the first ones are final, or speed the first one up.',
    'send.earlier_waits':
      'An earlier send of the wallet waits: this one cannot be in a block before it. Speed up or cancel the earliest one that waits.',
    'send.too_many_versions': 'The send was replaced too often',
  }),
  ...refusals('unavailable', {
    'send.funds_unknown':
      'Two nodes of the chain do not say what the wallet has, in the latest block and in a deep one. Try again after the number of seconds in `Retry-After`. Nodes need the states of `sending.depth` blocks.',
  }),
});

export function accept<T>(result: SendResult<T>): T {
  if (result.ok) return result.value;
  throw refusal(result);
}

/** A refusal may be tried again if the nodes did not agree. */
export function refusal({ code, detail }: Omit<RefusedSend, 'ok'>): Error {
  return sendRefusal(code, {
    ...(detail === undefined ? {} : { detail }),
    ...(code.endsWith('_unknown') ? { retryAfterSeconds: RETRY_AFTER_SECONDS } : {}),
  });
}
