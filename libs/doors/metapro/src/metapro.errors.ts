import { defineErrors } from '@countersign/text';

const ASK_AGAIN = 'Ask for another hash, and let the wallet sign the message with it.';

export const metaproError = defineErrors({
  'metapro.project_required': { kind: 'malformed', title: 'Several projects use this API: send `projectId`' },
  'metapro.project_not_found': {
    kind: 'not-found',
    title: 'Entity not found',
    remedy: 'Check the id, or let an operator set `metapro.enabled`.',
  },
  'metapro.bot_not_found': {
    kind: 'not-found',
    title: 'Entity not found',
    remedy: 'The project has no Telegram bot with the name of `telegramBotName`.',
  },
  'metapro.user_not_found': { kind: 'not-found', title: 'Entity not found' },
  'metapro.person_differs': { kind: 'malformed', title: '`telegramSimpleData` names another person' },
  'metapro.device_key_refused': { kind: 'malformed', title: 'This API binds no token: send no `DPoP`' },
  'metapro.code_of_another_api': {
    kind: 'malformed',
    title: 'The start parameter has a code that confirms something in the native API',
    remedy: 'Sign in with this launch by the native API.',
  },
  'metapro.token_invalid': {
    kind: 'unauthenticated',
    title: 'The access token is not one of this API, or it has ended',
    remedy: 'Log in, and send `accessToken` as it is in `Authorization`, without a scheme.',
  },
  'metapro.account_differs': { kind: 'unauthenticated', title: '`x-account-userid` names another user' },
  'metapro.wallet_differs': { kind: 'malformed', title: '`wallet` and `x-account-wallet` differ' },
  'metapro.wallet_of_another': {
    kind: 'conflict',
    title: 'Another account has this wallet',
    remedy:
      'Send `merge: true` for the link of a page where the wallet’s account joins. Others join by POST /v1/me/joins.',
  },
  'metapro.wallet_of_several': {
    kind: 'conflict',
    title: 'Several accounts have connected this wallet, so it signs in to none of them',
    remedy:
      'Log in with Telegram. To log in with the wallet too, link it natively: POST /v1/wallets/links with `canSignIn`.',
  },
  'metapro.wallet_of_other_project': {
    kind: 'conflict',
    title: 'An account has connected this wallet, but not in this project',
    remedy: 'Log in to this project with Telegram, and connect the wallet: POST /v2/auth/web3/new-address.',
  },
  'metapro.score_needs_server': {
    kind: 'forbidden',
    title: 'This leaderboard takes no scores from pages',
    remedy:
      'Send the score from your server, with a client secret in HTTP Basic and without `Origin`. Or send it to a leaderboard that an operator made with `board create --unverified`: anyone can send any score to it.',
  },
  'metapro.referral_code_exists': { kind: 'conflict', title: 'The person has a code in the project already' },
  'metapro.hash_invalid': { kind: 'unauthenticated', title: 'Not a hash for this wallet', remedy: ASK_AGAIN },
  'metapro.hash_expired': { kind: 'unauthenticated', title: 'The hash has expired', remedy: ASK_AGAIN },
  'metapro.rules_not_accepted': {
    kind: 'forbidden',
    title: 'The person has not accepted the rules of the project',
    remedy: 'Ask them, and log in with `rulesChecked: true`.',
  },
});
