import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  invitation_recipients: { isOfPerson: true, columns: { key_id: holds.keyId, digest: holds.keyedDigest } },
  team_invitations: {
    isOfPerson: true,
    columns: {
      token_digest: holds.randomDigest,
      role: holds.enumerated,
      max_uses: 'a count',
      use_count: 'a count',
      revoke_reason: holds.enumerated,
      recipient_kind: holds.enumerated,
    },
  },
});
