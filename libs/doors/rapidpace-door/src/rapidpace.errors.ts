import { defineErrors } from '@countersign/text';
import { rapidpaceRefusals } from '@countersign/proofs';

export const rapidpaceError = defineErrors({
  ...rapidpaceRefusals,
  'rapidpace.invalid_secret': { kind: 'malformed', title: 'A secret has 16 to 512 visible characters' },
  'rapidpace.secret_not_found': { kind: 'not-found', title: 'The application has no such Rapidpace secret' },
  'rapidpace.not_configured': {
    kind: 'conflict',
    title: 'The application is not set up for Rapidpace',
    remedy:
      'Register the secret with `countersign application add-rapidpace-secret`; for links, set `rapidpace.frontUrl` too.',
  },
});
