import { defineErrors, refusals } from '@countersign/text';
import { evmSignatureRefusals, tonProofRefusals, walletAddressRefusals } from '@countersign/wallet-proofs';

const ASK_AGAIN = 'Ask for another challenge, and let the wallet sign that.';

export const walletError = defineErrors({
  ...refusals('not-found', {
    'account.nothing_to_merge':
      'No account has the identity of the proof. Link the wallet instead: POST /v1/me/identities/wallets.',
    'wallet.not_found':
      'The account has no such wallet. Read the wallets again: GET /v1/wallets, as an operator GET /v1/admin/wallets.',
  }),
  ...walletAddressRefusals,
  ...evmSignatureRefusals,
  ...tonProofRefusals,
  ...refusals('forbidden', {
    'wallet.not_accepted':
      'The application does not accept this kind of proof of a wallet. Let an operator set `wallets.accept`, and for the message of another service the setting of its door.',
    'wallet.sign_in_not_allowed':
      'A contract wallet is connected, to be shown, and never signs in. Connect it without `canSignIn`, or link a wallet that a key controls.',
    'wallet.key_changed':
      'The wallet obeys another key than when it was linked. Sign in with another identity of the account, unlink the wallet, and link it again.',
    'wallet.not_linked':
      'No account has this wallet. Sign in another way, and link the wallet: POST /v1/wallets/links with `canSignIn`.',
  }),
  ...refusals('impossible', {
    'wallet.origin_required':
      'The application has no web origin that a wallet could be asked to sign for. Let an operator add one to `origins` of the application.',
    'wallet.network_not_configured':
      'Only the network of TON knows the key of this wallet, and the operator has configured no endpoint of it. Let an operator add the network to `CHAINS`, or use a wallet of the versions 1 to 5.',
  }),
  ...refusals('unauthenticated', {
    'wallet.challenge_invalid': `The challenge was not issued for this. ${ASK_AGAIN}`,
    'wallet.challenge_used': `The challenge has been used. ${ASK_AGAIN}`,
    'wallet.challenge_expired': `The challenge has expired. It is good for five minutes. ${ASK_AGAIN}`,
  }),
  ...refusals('conflict', {
    'wallet.of_application':
      'The wallet is used by one application alone, and cannot be the primary one. Make another wallet the primary one.',
    'wallet.is_embedded':
      'The wallet is embedded: it signs in to no account, and leaves with its account only. Do this with a linked wallet.',
    'wallet.is_connected':
      'The wallet is connected: it is shown, does not sign in, and is never the primary one. Link it first: POST /v1/wallets/links with `canSignIn`, after a step-up. A contract wallet stays connected.',
    'wallet.limit_reached':
      'The account has connected as many wallets as it may. Disconnect one: DELETE /v1/wallets/{walletId}.',
  }),
});

export const walletProofCodes: readonly string[] = [
  'chain.unavailable',
  'wallet.challenge_expired',
  'wallet.challenge_invalid',
  'wallet.challenge_used',
  'wallet.network_not_configured',
  'wallet.not_accepted',
  'wallet.key_changed',
  ...Object.keys(evmSignatureRefusals),
  ...Object.keys(tonProofRefusals),
];

export const walletChallengeCodes: readonly string[] = [
  'wallet.address_invalid',
  'wallet.chain_invalid',
  'wallet.not_accepted',
  'wallet.origin_required',
];
