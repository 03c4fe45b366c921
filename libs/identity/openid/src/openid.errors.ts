import { defineErrors } from '@countersign/text';

export const openidError = defineErrors({
  'openid.client_not_found': { kind: 'not-found', title: 'The application has no such client' },
  'openid.client_is_public': { kind: 'conflict', title: 'The client is a public one, which has no secret' },
  'openid.consent_not_found': {
    kind: 'not-found',
    title: 'The person has agreed to nothing for this client',
  },
  'openid.request_not_found': {
    kind: 'not-found',
    title: 'No such request to sign in',
    remedy: 'It has been answered, or ten minutes are over: open the page of the product again.',
  },
  'openid.number_wrong': {
    kind: 'forbidden',
    title: 'This is not the number that the browser shows',
    remedy: 'Type the number again. After three wrong numbers, open the link of the browser again.',
  },
  'openid.launch_required': {
    kind: 'forbidden',
    title: 'This session was not launched by the code of the browser within the last five minutes',
    remedy: 'Open the Mini App by the link or the QR code of the browser.',
  },
  'openid.consent_required': {
    kind: 'forbidden',
    title: 'The person has to agree to what the product of a third party gets',
    remedy: 'Show `toAgree`, and send `consent` after a second tap.',
  },
});
