import { defineErrors } from '@countersign/text';
import { evmSignatureRefusals, tonProofRefusals, walletAddressRefusals } from '@countersign/wallet-proofs';

const ASK_AGAIN = 'Ask for another challenge, and let the wallet sign that.';

export const walletError = defineErrors({
  'account.nothing_to_merge': {
    kind: 'not-found',
    title: 'No account has the identity of the proof',
    remedy: 'Link the wallet instead: POST /v1/me/identities/wallets.',
  },
  ...walletAddressRefusals,
  ...evmSignatureRefusals,
  ...tonProofRefusals,
  'wallet.not_accepted': {
    kind: 'forbidden',
    title: 'The application does not accept this kind of proof of a wallet',
    remedy:
      'Let an operator set `wallets.accept`, and for the message of another service the setting of its door.',
  },
  'wallet.origin_required': {
    kind: 'impossible',
    title: 'The application has no web origin that a wallet could be asked to sign for',
    remedy: 'Let an operator add one to `origins` of the application.',
  },
  'wallet.network_not_configured': {
    kind: 'impossible',
    title:
      'Only the network of TON knows the key of this wallet, and the operator has configured no endpoint of it',
    remedy: 'Let an operator add the network to `CHAINS`, or use a wallet of the versions 1 to 5.',
  },
  'wallet.challenge_invalid': {
    kind: 'unauthenticated',
    title: 'The challenge was not issued for this',
    remedy: ASK_AGAIN,
  },
  'wallet.challenge_used': {
    kind: 'unauthenticated',
    title: 'The challenge has been used',
    remedy: ASK_AGAIN,
  },
  'wallet.challenge_expired': {
    kind: 'unauthenticated',
    title: 'The challenge has expired',
    remedy: `It is good for five minutes. ${ASK_AGAIN}`,
  },
  'wallet.sign_in_not_allowed': {
    kind: 'forbidden',
    title: 'A contract wallet is connected, to be shown, and never signs in',
    remedy: 'Connect it without `canSignIn`, or link a wallet that a key controls.',
  },
  'wallet.key_changed': {
    kind: 'forbidden',
    title: 'The wallet obeys another key than when it was linked',
    remedy: 'Sign in with another identity of the account, unlink the wallet, and link it again.',
  },
  'wallet.not_linked': {
    kind: 'forbidden',
    title: 'No account has this wallet',
    remedy: 'Sign in another way, and link the wallet: POST /v1/wallets/links with `canSignIn`.',
  },
  'wallet.not_found': {
    kind: 'not-found',
    title: 'The account has no such wallet',
    remedy: 'Read the wallets again: GET /v1/wallets, as an operator GET /v1/admin/wallets.',
  },
  'wallet.of_application': {
    kind: 'conflict',
    title: 'The wallet is used by one application alone, and cannot be the primary one',
    remedy: 'Make another wallet the primary one.',
  },
  'wallet.is_embedded': {
    kind: 'conflict',
    title: 'The wallet is embedded: it signs in to no account, and leaves with its account only',
    remedy: 'Do this with a linked wallet.',
  },
  'wallet.is_connected': {
    kind: 'conflict',
    title: 'The wallet is connected: it is shown, does not sign in, and is never the primary one',
    remedy:
      'Link it first: POST /v1/wallets/links with `canSignIn`, after a step-up. A contract wallet stays connected.',
  },
  'wallet.limit_reached': {
    kind: 'conflict',
    title: 'The account has connected as many wallets as it may',
    remedy: 'Disconnect one: DELETE /v1/wallets/{walletId}.',
  },
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
