import { defineErrors, refusals } from '@countersign/text';
import { walletActRefusals } from '@countersign/wallet-acts';

export const walletActError = defineErrors(walletActRefusals);

export const embeddedWalletError = defineErrors({
  ...refusals('forbidden', {
    'wallet.embedded_off':
      'The application has no embedded wallets. Set `embeddedWallets.enabled` of the application, and run the custody process (docs/operations.md).',
    'wallet.act_not_allowed':
      'Wallets do not do this in the application. An operator adds the act to `embeddedWallets.acts` of the application.',
    'wallet.acts_stopped':
      'All embedded wallets are stopped. Try again later. The operator of custody lets them act again: countersign-custody release.',
    'wallet.asset_not_allowed':
      'The rules of custody name no amount of a coin or token that this takes. An operator adds it to `assets` of the rules (docs/embedded-wallets.md). Fees are coins of the chain.',
    'wallet.above_day_limit':
      'With what the wallet signed in the last 24 hours this is above what it may. Ask for less, or later: `Retry-After` has the number of seconds, where time helps.',
    'wallet.above_outstanding_limit':
      'With what was signed and can still move, this is above what the wallet, or all wallets, may. Ask for less, or again once earlier transactions are final.',
  }),
  ...refusals('conflict', {
    'wallet.not_embedded':
      'The key of the wallet is not with the service. Sign in the wallet itself, or name an embedded wallet: GET /v1/wallets shows the kind.',
    'wallet.act_performed': 'The act was performed. Ask for another one: each is performed once.',
    'wallet.frozen':
      'The wallet is frozen. Its person ends it at the consent bot: POST /v1/wallets/{walletId}/acts with the kind `unfreeze`. Else the operator of custody: countersign-custody unfreeze <walletId>.',
    'wallet.came_by_merge':
      'The identity of the session came by a merge or link that can still be separated. Wait until the instant in `detail`, or sign in by an identity that the account had before.',
    'wallet.nonce_outside':
      'Custody does not sign a transaction with this nonce now. Ask again a minute later. Custody signs the next nonce of the chain, at most 16 that are not final, and none before two nodes have named the next one.',
    'wallet.consent_needed':
      'The person has not consented to exactly this. Open the `link` of the act, and call again once it is `accepted`. Words, the end of a freeze and a way out come at the consent page alone.',
    'wallet.consent_unavailable':
      'Nobody can consent for the wallet. Within a day after it was made its person opens the link that POST /v1/wallets/embedded answers; later the operator of custody binds it. The rules of custody name the consent bot.',
    'wallet.requests_waiting':
      'Four requests of the session already wait for the person. Wait until the person answers one, or until one expires after ten minutes. The person can end all of them at the consent bot.',
    'wallet.key_missing':
      'The custody process does not have the key of the wallet. An operator takes the destruction back, or restores the database of custody (docs/operations.md).',
  }),
  ...refusals('not-found', {
    'wallet.act_not_found':
      'This session has asked for no such act. Ask for it: POST /v1/wallets/{walletId}/acts. Only the session that asked performs it.',
  }),
  ...refusals('gone', {
    'wallet.act_expired':
      'The act was not performed in time. Ask for it again: each is good for ten minutes.',
  }),
  ...refusals('impossible', {
    'send.key_reused':
      'The key was used for another act. Use a new key for each act. GET /v1/wallets/{walletId}/sends lists the sends.',
  }),
  ...refusals('rate-limited', {
    'wallet.above_hour_limit':
      'With what this person, or all people, did in the last hour this is above the limit. Ask for less, or again after the number of seconds in `Retry-After`.',
  }),
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
