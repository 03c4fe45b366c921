import { defineReviewedTables, holds } from '@countersign/database';

const SECONDS = 'seconds, from the settings of the application';

defineReviewedTables({
  sessions: {
    isOfPerson: true,
    columns: {
      step_up_assurance: holds.enumerated,
      step_up_bot: holds.publicBot,
      device_key_thumbprint: 'digest of a public key of the device (RFC 7638)',
      assurance: holds.enumerated,
      door: holds.enumerated,
      scopes: 'words that the operator chose',
      access_digest: holds.randomDigest,
      prior_access_digest: holds.randomDigest,
      family_digest: holds.randomDigest,
      refresh_digest: holds.randomDigest,
      rotations: 'digests, each with a pair of tokens sealed under the used refresh token',
      access_idle_in: SECONDS,
      access_absolute_in: SECONDS,
      refresh_idle_in: SECONDS,
      end_reason: holds.enumerated,
    },
  },
});
