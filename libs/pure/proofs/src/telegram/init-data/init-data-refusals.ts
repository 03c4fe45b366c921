import { refusals } from '@countersign/text';
import { sharedRefusals } from '../shared-refusals';

/** Every rule that init data can fail. Codes are public contract. */
export const initDataRefusals = {
  ...sharedRefusals('init_data', {
    subject: 'Init data',
    empty:
      'Open the Mini App from a link or the menu button: keyboard buttons and inline mode carry no init data.',
    expired: 'Close the Mini App and open it again.',
    mismatch: 'Check that the token is that of the bot which opens the Mini App.',
  }),
  ...refusals('unauthenticated', {
    'init_data.signature_missing': 'The signature is missing',
    'init_data.signature_malformed': 'The signature is not 64 bytes of unpadded base64url',
    'init_data.signature_mismatch':
      'The signature does not match the fields. The fields were changed after Telegram signed them, or it signed them for another bot or environment: send the text of `Telegram.WebApp.initData` as it is.',
    'init_data.user_missing': 'Init data names no user',
    'init_data.user_malformed': 'The user is not a well-formed user object',
    'init_data.user_id_invalid': 'The user id is not an exact positive integer',
    'init_data.user_is_bot': 'The user is a bot',
    'init_data.start_param_malformed': 'The start parameter is longer than 512 characters',
  }),
};

export type InitDataRefusal = keyof typeof initDataRefusals;
