import { defineErrors } from '@countersign/errors';
import { rapidpaceRefusals } from '@countersign/rapidpace';

export const rapidpaceError = defineErrors({
  ...rapidpaceRefusals,
  'rapidpace.not_configured': {
    kind: 'conflict',
    title: 'The application is not set up for Rapidpace',
    remedy:
      'Register the secret with `countersign application add-rapidpace-secret`; for links, set `rapidpace.frontUrl` too.',
  },
});
