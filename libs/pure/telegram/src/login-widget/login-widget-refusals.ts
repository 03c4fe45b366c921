import type { InitDataRefusalDefinition } from '../init-data/init-data-refusals';
import { sharedRefusals } from '../shared-rules';

/**
 * Every rule that Login Widget data can fail, named by its code. Codes are public contract.
 * What the reading of fields answers is `malformed`; what the later checks answer is `unauthenticated`.
 */
export const loginWidgetRefusals = {
  ...sharedRefusals('login_widget', {
    subject: 'Login Widget data',
    again: 'show the login button again',
    owner: 'the button',
  }),
  'login_widget.malformed': {
    kind: 'malformed',
    title: 'Login Widget data is not of the form it is said to have',
    remedy:
      'Send one of: the object of the callback, the query of the redirect without its fragment, the value of tgAuthResult.',
  },
  'login_widget.invalid_field_value': {
    kind: 'malformed',
    title: 'A field is neither text nor an exact integer',
  },
  'login_widget.user_id_invalid': {
    kind: 'unauthenticated',
    title: 'The user id is not an exact positive integer',
  },
  'login_widget.user_malformed': {
    kind: 'unauthenticated',
    title: 'The first name is missing or a text is too long',
  },
} as const satisfies Record<`login_widget.${string}`, InitDataRefusalDefinition>;

/** The code of the rule that Login Widget data failed. */
export type LoginWidgetRefusal = keyof typeof loginWidgetRefusals;
