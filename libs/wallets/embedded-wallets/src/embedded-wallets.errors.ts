import { defineErrors } from '@countersign/text';
import { walletActRefusals } from '@countersign/wallet-acts';

export const walletActError = defineErrors(walletActRefusals);

export const embeddedWalletError = defineErrors({
  'wallet.embedded_off': {
    kind: 'forbidden',
    title: 'The application has no embedded wallets',
    remedy:
      'Set `embeddedWallets.enabled` of the application, and run the custody process (docs/operations.md).',
  },
  'wallet.not_embedded': {
    kind: 'conflict',
    title: 'The key of the wallet is not with the service',
    remedy: 'Sign in the wallet itself, or name an embedded wallet: GET /v1/wallets shows the kind.',
  },
  'wallet.act_not_allowed': {
    kind: 'forbidden',
    title: 'Wallets do not do this in the application',
    remedy: 'An operator adds the act to `embeddedWallets.acts` of the application.',
  },
  'wallet.act_not_found': {
    kind: 'not-found',
    title: 'This session has asked for no such act',
    remedy: 'Ask for it: POST /v1/wallets/{walletId}/acts. Only the session that asked performs it.',
  },
  'wallet.act_expired': {
    kind: 'gone',
    title: 'The act was not performed in time',
    remedy: 'Ask for it again: each is good for ten minutes.',
  },
  'wallet.act_performed': {
    kind: 'conflict',
    title: 'The act was performed',
    remedy: 'Ask for another one: each is performed once.',
  },
  'send.key_reused': {
    kind: 'impossible',
    title: 'The key was used for another act',
    remedy: 'Use a new key for each act. GET /v1/wallets/{walletId}/sends lists the sends.',
  },
  'wallet.frozen': {
    kind: 'conflict',
    title: 'The wallet is frozen',
    remedy:
      'Its person ends it at the consent bot: POST /v1/wallets/{walletId}/acts with the kind `unfreeze`. Else the operator of custody: countersign-custody unfreeze <walletId>.',
  },
  'wallet.came_by_merge': {
    kind: 'conflict',
    title: 'The identity of the session came by a merge or link that can still be separated',
    remedy: 'Wait until the instant in `detail`, or sign in by an identity that the account had before.',
  },
  'wallet.acts_stopped': {
    kind: 'forbidden',
    title: 'All embedded wallets are stopped',
    remedy: 'Try again later. The operator of custody lets them act again: countersign-custody release.',
  },
  'wallet.asset_not_allowed': {
    kind: 'forbidden',
    title: 'The rules of custody name no amount of a coin or token that this takes',
    remedy:
      'An operator adds it to `assets` of the rules (docs/embedded-wallets.md). Fees are coins of the chain.',
  },
  'wallet.above_day_limit': {
    kind: 'forbidden',
    title: 'With what the wallet signed in the last 24 hours this is above what it may',
    remedy: 'Ask for less, or later: `Retry-After` has the number of seconds, where time helps.',
  },
  'wallet.above_hour_limit': {
    kind: 'rate-limited',
    title: 'With what this person, or all people, did in the last hour this is above the limit',
    remedy: 'Ask for less, or again after the number of seconds in `Retry-After`.',
  },
  'wallet.above_outstanding_limit': {
    kind: 'forbidden',
    title: 'With what was signed and can still move, this is above what the wallet, or all wallets, may',
    remedy: 'Ask for less, or again once earlier transactions are final.',
  },
  'wallet.nonce_outside': {
    kind: 'conflict',
    title: 'Custody does not sign a transaction with this nonce now',
    remedy:
      'Ask again a minute later. Custody signs the next nonce of the chain, at most 16 that are not final, and none before two nodes have named the next one.',
  },
  'wallet.consent_needed': {
    kind: 'conflict',
    title: 'The person has not consented to exactly this',
    remedy:
      'Open the `link` of the act, and call again once it is `accepted`. Words, the end of a freeze and a way out come at the consent page alone.',
  },
  'wallet.consent_unavailable': {
    kind: 'conflict',
    title: 'Nobody can consent for the wallet',
    remedy:
      'Within a day after it was made its person opens the link that POST /v1/wallets/embedded answers; later the operator of custody binds it. The rules of custody name the consent bot.',
  },
  'wallet.requests_waiting': {
    kind: 'conflict',
    title: 'Four requests of the session already wait for the person',
    remedy:
      'Wait until the person answers one, or until one expires after ten minutes. The person can end all of them at the consent bot.',
  },
  'wallet.key_missing': {
    kind: 'conflict',
    title: 'The custody process does not have the key of the wallet',
    remedy:
      'An operator takes the destruction back, or restores the database of custody (docs/operations.md).',
  },
});

export const codesOfActs = {
  reading: [
    'wallet.acts_stopped',
    'wallet.came_by_merge',
    'wallet.frozen',
    'wallet.embedded_off',
    'wallet.not_embedded',
    'wallet.act_not_allowed',
  ],
  performing: [
    'wallet.act_not_found',
    'wallet.act_expired',
    'wallet.act_performed',
    'wallet.consent_needed',
    'wallet.nonce_outside',
  ],
  custody: ['wallet.custody_unavailable', 'wallet.key_missing'],
  rules: [
    'wallet.above_day_limit',
    'wallet.above_hour_limit',
    'wallet.above_outstanding_limit',
    'wallet.asset_not_allowed',
  ],
};
