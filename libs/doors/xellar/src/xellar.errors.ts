import { defineErrors } from '@countersign/text';

const LOG_IN = 'Log in, or ask for another wallet token by POST /api/v2/wallet/refresh.';

export const xellarError = defineErrors({
  'xellar.application_required': {
    kind: 'unauthenticated',
    title: 'The call names no application',
    remedy: 'Send `x-client-secret` from a server, or `x-app-id` from a page of an allowed origin.',
  },
  'xellar.application_unknown': {
    kind: 'unauthenticated',
    title: '`x-client-secret` or `x-app-id` names no application that uses this API',
    remedy:
      'Send a client secret or the id of a first-party application for which an operator has set `xellar.enabled`.',
  },
  'xellar.origin_required': {
    kind: 'forbidden',
    title: '`x-app-id` alone is good for pages of an allowed origin only',
    remedy: 'Send `x-client-secret` from a server. Browsers send `Origin` by themselves.',
  },
  'xellar.secret_in_page': {
    kind: 'forbidden',
    title: 'A page has sent a client secret',
    remedy: 'A page cannot keep a secret: send `x-app-id` alone, and replace the secret.',
  },
  'xellar.proof_required': { kind: 'malformed', title: 'Send a proof as `data` or `dataString`' },
  'xellar.person_differs': { kind: 'malformed', title: '`data` and `dataString` name different people' },
  'xellar.bot_not_found': { kind: 'not-found', title: 'The application has no bot named `botUsername`' },
  'xellar.expire_date_invalid': {
    kind: 'malformed',
    title: '`expireDate` is no date in the future',
    remedy: 'Send `YYYY-MM-DD`, which begins at 00:00 UTC, or an instant with its zone.',
  },
  'xellar.device_key_refused': { kind: 'malformed', title: 'This API binds no token: send no `DPoP`' },
  'xellar.code_of_another_api': {
    kind: 'malformed',
    title: 'The start parameter has a code that confirms something in the native API',
    remedy: 'Sign in with this launch by the native API.',
  },
  'xellar.token_invalid': { kind: 'unauthenticated', title: 'The token is not valid here', remedy: LOG_IN },
  'xellar.token_used': { kind: 'unauthenticated', title: 'The wallet token was used', remedy: LOG_IN },
  'xellar.wallet_missing': {
    kind: 'conflict',
    title: 'The person has no wallet that the session can use',
    remedy: 'Log in, and create one by POST /api/v2/account/create.',
  },
  'xellar.network_required': {
    kind: 'malformed',
    title: 'The call names no network',
    remedy: 'Send `network` by its name, or `chainId`; both only where they are the same network.',
  },
  'xellar.network_not_supported': { kind: 'malformed', title: 'The network is none of docs/compat.md' },
  'xellar.token_unknown': { kind: 'not-found', title: 'It gives no decimals: it is no token of ERC-20' },
  'xellar.transaction_not_found': { kind: 'not-found', title: 'No block has the transaction yet' },
});
