import { refusals } from '@countersign/text';

/** Every rule that a send can fail before it is signed. */
export const sendRefusals = {
  ...refusals('malformed', {
    'send.intent_malformed':
      'The send is not one of its kind. Send the fields that the documentation of this kind of send names, and no others.',
    'send.chain_unsupported':
      'The chain has no sends of this kind. Use the kinds that the documentation names for the chain.',
    'send.address_invalid':
      'An address of the send is not one. Send the address in lower case or with its right checksum, for the chain of the send.',
    'send.to_zero_address': 'The recipient is the zero address, from which nothing comes back',
    'send.to_token_contract': 'The recipient is the contract of what is sent, from which nothing comes back',
    'send.to_own_wallet': 'The recipient is the wallet that sends',
    'send.amount_invalid':
      'The amount is not a whole number that the chain can send. Send the amount in the smallest unit, as decimal text without leading zeros.',
    'send.amount_zero': 'The amount is zero',
  }),
  ...refusals('too-large', { 'send.data_too_large': 'The data of the call is larger than it may be' }),
  ...refusals('unavailable', {
    'send.fees_unknown':
      'Two nodes of the chain do not agree on what a transaction costs. Try again after the number of seconds in `Retry-After`.',
    'send.gas_unknown':
      'Two nodes of the chain do not say how much gas the transaction needs. Try again after the number of seconds in `Retry-After`.',
    'send.nonce_unknown':
      'Two nodes of the chain do not agree on how many transactions the wallet has sent. Try again after the number of seconds in `Retry-After`.',
  }),
  ...refusals('conflict', {
    'send.fee_above_cap':
      'The chain asks for a higher fee than the cap allows. Try again when the chain is less busy.',
    'send.gas_above_cap': 'The transaction needs more gas than the cap allows',
    'send.nonce_implausible':
      'The chain has many more transactions of the wallet than this service sent. Ask an operator to look at the wallet: another application may have its key.',
  }),
};

export type SendRefusal = keyof typeof sendRefusals;

/** Why a send is refused. `detail` names a field, but no value of the request. */
export interface RefusedSend {
  readonly ok: false;
  readonly code: SendRefusal;
  readonly detail?: string;
}

export type SendResult<T> = { readonly ok: true; readonly value: T } | RefusedSend;

export function refusedSend(code: SendRefusal, detail?: string): RefusedSend {
  return { ok: false, code, ...(detail === undefined ? {} : { detail }) };
}
