import { defineErrors, refusals } from '@countersign/text';

export const openidError = defineErrors({
  ...refusals('not-found', {
    'openid.client_not_found': 'The application has no such client',
    'openid.consent_not_found': 'The person has agreed to nothing for this client',
    'openid.request_not_found':
      'No such request to sign in. It has been answered, or ten minutes are over: open the page of the product again.',
  }),
  ...refusals('conflict', { 'openid.client_is_public': 'The client is a public one, which has no secret' }),
  ...refusals('forbidden', {
    'openid.number_wrong':
      'This is not the number that the browser shows. Type the number again. After three wrong numbers, open the link of the browser again.',
    'openid.launch_required':
      'This session was not launched by the code of the browser within the last five minutes. Open the Mini App by the link or the QR code of the browser.',
    'openid.consent_required':
      'The person has to agree to what the product of a third party gets. Show `toAgree`, and send `consent` after a second tap.',
  }),
});
