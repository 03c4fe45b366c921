import { defineErrors, refusals } from '@countersign/text';

const LOG_IN = 'Log in, or ask for another wallet token by POST /api/v2/wallet/refresh.';

export const xellarError = defineErrors({
  ...refusals('unauthenticated', {
    'xellar.application_required':
      'The call names no application. Send `x-client-secret` from a server, or `x-app-id` from a page of an allowed origin.',
    'xellar.application_unknown':
      '`x-client-secret` or `x-app-id` names no application that uses this API. Send a client secret or the id of a first-party application for which an operator has set `xellar.enabled`.',
    'xellar.token_invalid': `The token is not valid here. ${LOG_IN}`,
    'xellar.token_used': `The wallet token was used. ${LOG_IN}`,
  }),
  ...refusals('forbidden', {
    'xellar.origin_required':
      '`x-app-id` alone is good for pages of an allowed origin only. Send `x-client-secret` from a server. Browsers send `Origin` by themselves.',
    'xellar.secret_in_page':
      'A page has sent a client secret. A page cannot keep a secret: send `x-app-id` alone, and replace the secret.',
  }),
  ...refusals('malformed', {
    'xellar.proof_required': 'Send a proof as `data` or `dataString`',
    'xellar.person_differs': '`data` and `dataString` name different people',
    'xellar.expire_date_invalid':
      '`expireDate` is no date in the future. Send `YYYY-MM-DD`, which begins at 00:00 UTC, or an instant with its zone.',
    'xellar.device_key_refused': 'This API binds no token: send no `DPoP`',
    'xellar.code_of_another_api':
      'The start parameter has a code that confirms something in the native API. Sign in with this launch by the native API.',
    'xellar.network_required':
      'The call names no network. Send `network` by its name, or `chainId`; both only where they are the same network.',
    'xellar.network_not_supported': 'The network is none of docs/compat.md',
  }),
  ...refusals('not-found', {
    'xellar.bot_not_found': 'The application has no bot named `botUsername`',
    'xellar.token_unknown': 'It gives no decimals: it is no token of ERC-20',
    'xellar.transaction_not_found': 'No block has the transaction yet',
  }),
  ...refusals('conflict', {
    'xellar.wallet_missing':
      'The person has no wallet that the session can use. Log in, and create one by POST /api/v2/account/create.',
  }),
});
