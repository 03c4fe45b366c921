import { defineErrors, refusals } from '@countersign/text';

const ASK_AGAIN = 'Ask for another hash, and let the wallet sign the message with it.';

export const metaproError = defineErrors({
  ...refusals('malformed', {
    'metapro.project_required': 'Several projects use this API: send `projectId`',
    'metapro.person_differs': '`telegramSimpleData` names another person',
    'metapro.device_key_refused': 'This API binds no token: send no `DPoP`',
    'metapro.code_of_another_api':
      'The start parameter has a code that confirms something in the native API. Sign in with this launch by the native API.',
    'metapro.wallet_differs': '`wallet` and `x-account-wallet` differ',
  }),
  ...refusals('not-found', {
    'metapro.project_not_found': 'Entity not found. Check the id, or let an operator set `metapro.enabled`.',
    'metapro.bot_not_found':
      'Entity not found. The project has no Telegram bot with the name of `telegramBotName`.',
    'metapro.user_not_found': 'Entity not found',
  }),
  ...refusals('unauthenticated', {
    'metapro.token_invalid':
      'The access token is not one of this API, or it has ended. Log in, and send `accessToken` as it is in `Authorization`, without a scheme.',
    'metapro.account_differs': '`x-account-userid` names another user',
    'metapro.hash_invalid': `Not a hash for this wallet. ${ASK_AGAIN}`,
    'metapro.hash_expired': `The hash has expired. ${ASK_AGAIN}`,
  }),
  ...refusals('conflict', {
    'metapro.wallet_of_another':
      'Another account has this wallet. Send `merge: true` for the link of a page where the wallet’s account joins. Others join by POST /v1/me/joins.',
    'metapro.wallet_of_several':
      'Several accounts have connected this wallet, so it signs in to none of them. Log in with Telegram. To log in with the wallet too, link it natively: POST /v1/wallets/links with `canSignIn`.',
    'metapro.wallet_of_other_project':
      'An account has connected this wallet, but not in this project. Log in to this project with Telegram, and connect the wallet: POST /v2/auth/web3/new-address.',
    'metapro.referral_code_exists': 'The person has a code in the project already',
  }),
  ...refusals('forbidden', {
    'metapro.score_needs_server':
      'This leaderboard takes no scores from pages. Send the score from your server, with a client secret in HTTP Basic and without `Origin`. Or send it to a leaderboard that an operator made with `board create --unverified`: anyone can send any score to it.',
    'metapro.rules_not_accepted':
      'The person has not accepted the rules of the project. Ask them, and log in with `rulesChecked: true`.',
  }),
});
