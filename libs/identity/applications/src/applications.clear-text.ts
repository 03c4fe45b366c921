import { defineReviewedTables, holds } from '@countersign/database';

defineReviewedTables({
  accepted_bots: {
    isOfPerson: false,
    columns: { provider: holds.enumerated, environment: holds.enumerated, bot_id: holds.publicBot },
  },
  applications: {
    isOfPerson: false,
    columns: {
      name: 'name that the operator gave the application',
      trust: holds.enumerated,
      settings: 'settings that the operator made',
    },
  },
  bot_token_digests: { isOfPerson: false, columns: { key_id: holds.keyId, digest: holds.keyedDigest } },
  bots: {
    isOfPerson: false,
    columns: {
      provider: holds.enumerated,
      environment: holds.enumerated,
      bot_id: holds.publicBot,
      username: holds.publicBot,
      mini_app_name: holds.publicBot,
      signature_policy: holds.enumerated,
      status: holds.enumerated,
    },
  },
  client_secrets: {
    isOfPerson: false,
    columns: { name: 'name that the operator gave the secret', digest: holds.randomDigest },
  },
  rapidpace_secret_digests: {
    isOfPerson: false,
    columns: { key_id: holds.keyId, digest: holds.keyedDigest },
  },
});
