import type { ErrorDefinition } from '@countersign/text';

/** Every rule that a send can fail before it is signed. */
export const sendRefusals = {
  'send.intent_malformed': {
    kind: 'malformed',
    title: 'The send is not one of its kind',
    remedy: 'Send the fields that the documentation of this kind of send names, and no others.',
  },
  'send.chain_unsupported': {
    kind: 'malformed',
    title: 'The chain has no sends of this kind',
    remedy: 'Use the kinds that the documentation names for the chain.',
  },
  'send.address_invalid': {
    kind: 'malformed',
    title: 'An address of the send is not one',
    remedy: 'Send the address in lower case or with its right checksum, for the chain of the send.',
  },
  'send.to_zero_address': {
    kind: 'malformed',
    title: 'The recipient is the zero address, from which nothing comes back',
  },
  'send.to_token_contract': {
    kind: 'malformed',
    title: 'The recipient is the contract of what is sent, from which nothing comes back',
  },
  'send.to_own_wallet': { kind: 'malformed', title: 'The recipient is the wallet that sends' },
  'send.amount_invalid': {
    kind: 'malformed',
    title: 'The amount is not a whole number that the chain can send',
    remedy: 'Send the amount in the smallest unit, as decimal text without leading zeros.',
  },
  'send.amount_zero': { kind: 'malformed', title: 'The amount is zero' },
  'send.data_too_large': { kind: 'too-large', title: 'The data of the call is larger than it may be' },
  'send.fees_unknown': {
    kind: 'unavailable',
    title: 'Two nodes of the chain do not agree on what a transaction costs',
    remedy: 'Try again after the number of seconds in `Retry-After`.',
  },
  'send.fee_above_cap': {
    kind: 'conflict',
    title: 'The chain asks for a higher fee than the cap allows',
    remedy: 'Try again when the chain is less busy.',
  },
  'send.gas_unknown': {
    kind: 'unavailable',
    title: 'Two nodes of the chain do not say how much gas the transaction needs',
    remedy: 'Try again after the number of seconds in `Retry-After`.',
  },
  'send.gas_above_cap': {
    kind: 'conflict',
    title: 'The transaction needs more gas than the cap allows',
  },
  'send.nonce_unknown': {
    kind: 'unavailable',
    title: 'Two nodes of the chain do not agree on how many transactions the wallet has sent',
    remedy: 'Try again after the number of seconds in `Retry-After`.',
  },
  'send.nonce_implausible': {
    kind: 'conflict',
    title: 'The chain has many more transactions of the wallet than this service sent',
    remedy: 'Ask an operator to look at the wallet: another application may have its key.',
  },
} as const satisfies Record<`send.${string}`, ErrorDefinition>;

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
