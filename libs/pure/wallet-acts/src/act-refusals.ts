import { refusals } from '@countersign/text';

/** Every rule that the request of a wallet act can fail. */
export const walletActRefusals = {
  ...refusals('malformed', {
    'wallet.act_malformed':
      'The request is not one of its kind. Send the fields that the documentation of this kind of act names, and no others.',
    'wallet.chain_mismatch':
      'The request names another chain than the one to sign for. Send `chainId` of a chain of the wallet, and of its environment. Typed data and transactions name the same one, typed data in its domain.',
    'wallet.signer_mismatch': 'The request names another wallet than the one that signs',
    'wallet.message_unreadable':
      'The message is not text that a person can read. Send UTF-8 text without control, bidirectional and invisible characters but line feeds and tabs.',
    'wallet.typed_data_malformed':
      'The typed data is not well-formed by EIP-712. Send values for exactly the fields of their types, within the ranges of these.',
    'wallet.typed_data_domain':
      'The domain of the typed data does not name chain and verifying contract. State `chainId` and `verifyingContract`, and the fields of EIP-712 only, in its order.',
    'wallet.transaction_malformed':
      'The transaction is not one that is signed. Send a transaction of EIP-1559, or a legacy one with a gas price, without blobs, access list and authorisations.',
  }),
  ...refusals('too-large', { 'wallet.act_too_large': 'What is to be signed is larger than it may be' }),
  ...refusals('forbidden', {
    'wallet.digest_refused':
      'A message of 32 bytes is not signed, since it could be the hash of anything. Send the message itself.',
    'wallet.foreign_sign_in':
      'The message signs in somewhere else than at the application. Send a message of EIP-4361 for one of `embeddedWallets.domains` that the rules of custody name too, for this wallet and chain.',
    'wallet.foreign_domain':
      'The domain is not one of the application. Ask an operator to add it to `embeddedWallets.domains` of the application, and to `domains` of the rules of custody.',
    'wallet.act_undecoded':
      'What the signature would mean cannot be decoded, and the rules of custody do not allow it. Ask an operator to add its contract and method to `calls` of the rules of custody (docs/embedded-wallets.md).',
  }),
};

type WalletActRefusal = keyof typeof walletActRefusals;

/** Why an act is not signed. `detail` names a method or field, but no value or address of the request. */
export interface RefusedAct {
  readonly ok: false;
  readonly code: WalletActRefusal;
  readonly detail?: string;
}

export function refusedAct(code: WalletActRefusal, detail?: string): RefusedAct {
  return { ok: false, code, ...(detail === undefined ? {} : { detail }) };
}
