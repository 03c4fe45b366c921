import { defineErrors, refusals } from '@countersign/text';
import { rapidpaceRefusals } from '@countersign/proofs';

export const rapidpaceError = defineErrors({
  ...rapidpaceRefusals,
  ...refusals('malformed', { 'rapidpace.invalid_secret': 'A secret has 16 to 512 visible characters' }),
  ...refusals('not-found', { 'rapidpace.secret_not_found': 'The application has no such Rapidpace secret' }),
  ...refusals('conflict', {
    'rapidpace.not_configured':
      'The application is not set up for Rapidpace. Register the secret with `countersign application add-rapidpace-secret`; for links, set `rapidpace.frontUrl` too.',
  }),
});
