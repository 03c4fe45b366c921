/** Columns of one table that are not declared at an entity, each with the reason why it may be in clear text. */
export interface ReviewedTable {
  /** Whether a row belongs to one person: then docs/privacy.md names the columns. */
  readonly isOfPerson: boolean;
  readonly columns: Readonly<Record<string, string>>;
}

const COUNTER = 'a counter';
const KEY_ID = 'id of a key of the ring';
const ENUMERATED = 'an enumerated value';
const ORIGIN = 'public id of a bot, or the word for a weak proof, that the act of the person rests on';
const KEYED_BY_WALLET = 'keyed digest: without the key of the wallet it tells nothing';
const PUBLIC_BLOCK = 'a block of a public chain';
const OUTLIVING_DIGEST =
  'pseudonymous: keyed digest of an application and an identity that left its account, also by an erasure; without the index key it tells nothing';
const KEYED_DIGEST = 'keyed digest: without the index key it tells nothing';
const RANDOM_DIGEST = 'digest of a random secret';
const SECONDS = 'seconds, from the settings of the application';
const PUBLIC_BOT = 'names a bot, which is public';
const SHOWN_OF_TEAM = 'what a team shows to everyone in its application';
const OPERATOR = 'name of an operator in the audit trail';
const CHOSEN_BY_OPERATOR = 'name that an operator chose';

/**
 * What may be in clear text. A column that is neither here nor declared by `@Personal`, `@PublicCopy` or
 * `@Secret` fails `personal-columns.integration-spec.ts`; so does an entry without a column. UUIDs, instants
 * and booleans need no entry.
 */
export const reviewedTables: Readonly<Record<string, ReviewedTable>> = {
  accepted_bots: {
    isOfPerson: false,
    columns: { provider: ENUMERATED, environment: ENUMERATED, bot_id: PUBLIC_BOT },
  },
  account_joins: {
    isOfPerson: true,
    columns: { identity_ids: 'random ids of identities' },
  },
  applications: {
    isOfPerson: false,
    columns: {
      name: 'name that the operator gave the application',
      trust: ENUMERATED,
      settings: 'settings that the operator made',
    },
  },
  audit_block_leaves: {
    isOfPerson: false,
    columns: {
      block: 'a count',
      day: 'a day',
      lowest_xid: 'number of a transaction',
      highest_xid: 'number of a transaction',
      leaves: 'ids and digests of audit records',
    },
  },
  audit_blocks: {
    isOfPerson: false,
    columns: {
      number: 'a count',
      day: 'a day',
      record_count: 'a count',
      root: 'digest of audit records',
      previous: 'digest of a block',
      key_id: 'digest of a public key',
      new_key_id: 'digest of a public key',
      new_public_key: 'a public key',
      signature: 'a signature',
    },
  },
  audit_adoption: { isOfPerson: false, columns: { id: 'always 1' } },
  audit_days: {
    isOfPerson: false,
    columns: {
      day: 'a day',
      sealed_below: 'number of a transaction',
      closing_below: 'number of a transaction',
    },
  },
  audit_keys: { isOfPerson: false, columns: { id: 'digest of a public key', public_key: 'a public key' } },
  audit_records: {
    isOfPerson: true,
    columns: {
      action: ENUMERATED,
      actor:
        'an enumerated value, a principal, the name of an operator at the command line, or the pseudonym of a person, which is not the user id',
      subject: 'pseudonym of a person, or id of an object',
      details: 'ids and enumerated values only',
      request_id: 'id of a request',
      mac_key_id: KEY_ID,
      mac: 'keyed digest of the other columns',
      xid: 'number of a transaction',
    },
  },
  audit_retention: { isOfPerson: false, columns: { id: 'always 1', days: 'days, from the settings' } },
  bot_token_digests: { isOfPerson: false, columns: { key_id: KEY_ID, digest: KEYED_DIGEST } },
  bots: {
    isOfPerson: false,
    columns: {
      provider: ENUMERATED,
      environment: ENUMERATED,
      bot_id: PUBLIC_BOT,
      username: PUBLIC_BOT,
      mini_app_name: PUBLIC_BOT,
      signature_policy: ENUMERATED,
      status: ENUMERATED,
    },
  },
  chain_blocks: {
    isOfPerson: false,
    columns: {
      chain_id: 'a chain that the operator configured',
      number: PUBLIC_BLOCK,
      hash: PUBLIC_BLOCK,
      parent_hash: PUBLIC_BLOCK,
    },
  },
  chain_positions: {
    isOfPerson: false,
    columns: {
      chain_id: 'a chain that the operator configured',
      genesis_hash: PUBLIC_BLOCK,
      head_number: PUBLIC_BLOCK,
      tip_number: PUBLIC_BLOCK,
      tip_hash: PUBLIC_BLOCK,
      final_number: PUBLIC_BLOCK,
      state: ENUMERATED,
      fault: ENUMERATED,
    },
  },
  client_secrets: {
    isOfPerson: false,
    columns: { name: 'name that the operator gave the secret', digest: RANDOM_DIGEST },
  },
  erasure_marks: {
    isOfPerson: false,
    columns: {
      mark: 'counter that the ledger of erasures has too',
      next_mark: 'counter that the ledger of erasures has too',
    },
  },
  event_positions: {
    isOfPerson: false,
    columns: { id: 'name of a reader', transaction: COUNTER, sequence: COUNTER, floor: COUNTER },
  },
  event_subscriptions: {
    isOfPerson: false,
    columns: { types: ENUMERATED, application_ids: 'ids of applications' },
  },
  events: {
    isOfPerson: true,
    columns: {
      sequence: COUNTER,
      transaction: COUNTER,
      type: ENUMERATED,
      subject: 'id of an account or object',
      application_ids: 'ids of applications',
      data: 'ids and enumerated values only',
    },
  },
  identities: {
    isOfPerson: true,
    columns: {
      provider: ENUMERATED,
      environment: ENUMERATED,
      asserted_fields: 'names of fields, not their values',
      platform_fields: 'names of fields, not their values',
      cap: ENUMERATED,
      attached_by: ENUMERATED,
      attached_with: 'bots that took part when the identity was linked',
    },
  },
  identity_aliases: {
    isOfPerson: true,
    columns: { issuer: 'address of the platform', audience: PUBLIC_BOT },
  },
  identity_digests: { isOfPerson: true, columns: { key_id: KEY_ID, digest: KEYED_DIGEST } },
  identity_marks: {
    isOfPerson: true,
    columns: { key_id: KEY_ID, digest: OUTLIVING_DIGEST, kind: ENUMERATED },
  },
  identity_keys: {
    isOfPerson: false,
    columns: { id: 'key id, which every token names', algorithm: ENUMERATED, public_key: 'published' },
  },
  idempotency_keys: {
    isOfPerson: false,
    columns: { digest: 'digest of a caller, a route and a key of the caller’s choice' },
  },
  installation: {
    isOfPerson: false,
    columns: {
      separation_days: 'a setting of the operator',
      account_level: ENUMERATED,
      reveal_approval: ENUMERATED,
      export_approval: ENUMERATED,
    },
  },
  joins: {
    isOfPerson: false,
    columns: {
      code_digest: RANDOM_DIGEST,
      number: 'random number that a page shows for ten minutes',
      assurance: ENUMERATED,
      bots: PUBLIC_BOT,
      failed_attempts: COUNTER,
      outcome: ENUMERATED,
    },
  },
  key_checks: {
    isOfPerson: false,
    columns: { purpose: ENUMERATED, key_id: KEY_ID, value: 'check value, from which no key follows' },
  },
  key_progress: {
    isOfPerson: false,
    columns: {
      work: 'name of a pass over a table',
      key_id: KEY_ID,
      position: 'id of the last row that was looked at',
      done: 'number of rows',
      remaining: 'number of rows',
    },
  },
  invitation_recipients: { isOfPerson: true, columns: { key_id: KEY_ID, digest: KEYED_DIGEST } },
  lookup_digests: {
    isOfPerson: true,
    columns: { field: ENUMERATED, key_id: KEY_ID, digest: KEYED_DIGEST },
  },
  lookup_fields: {
    isOfPerson: false,
    columns: { field: ENUMERATED, skipped: 'number of rows' },
  },
  migrations: {
    isOfPerson: false,
    columns: { id: 'number of a migration', timestamp: 'number of a migration', name: 'name of a migration' },
  },
  oidc_transactions: {
    isOfPerson: false,
    columns: { state_digest: RANDOM_DIGEST, browser_digest: RANDOM_DIGEST },
  },
  operator_counts: {
    isOfPerson: false,
    columns: { actor: OPERATOR, act: ENUMERATED, count: 'number of calls' },
  },
  principal_assertions: { isOfPerson: false, columns: { digest: RANDOM_DIGEST } },
  principal_secrets: {
    isOfPerson: false,
    columns: {
      name: CHOSEN_BY_OPERATOR,
      digest: RANDOM_DIGEST,
      issued_by: OPERATOR,
      mac_key_id: KEY_ID,
      mac: KEYED_DIGEST,
    },
  },
  principal_tokens: {
    isOfPerson: false,
    columns: { digest: RANDOM_DIGEST, scopes: ENUMERATED, mac_key_id: KEY_ID, mac: KEYED_DIGEST },
  },
  principals: {
    isOfPerson: false,
    columns: {
      name: CHOSEN_BY_OPERATOR,
      kind: ENUMERATED,
      status: ENUMERATED,
      scopes: ENUMERATED,
      keys: 'public keys of operators and their machines',
      mac_key_id: KEY_ID,
      mac: KEYED_DIGEST,
      created_by: OPERATOR,
      origins: OPERATOR,
      secret_ids: 'ids of secrets',
    },
  },
  profile_preferences: { isOfPerson: true, columns: { assurance: ENUMERATED } },
  profiles: {
    isOfPerson: true,
    columns: { field_settings: 'names of fields, with enumerated values and ids of applications' },
  },
  proofs: {
    isOfPerson: true,
    columns: {
      signed_on: 'day of the signature',
      proof_id: 'digest of the signed fields of a proof, with their instant',
      pair: 'empty, or the use of the proof, sealed under the proof and a key of the ring',
      secret_digest: 'digest of the hash or signature of a proof',
    },
  },
  rapidpace_secret_digests: { isOfPerson: false, columns: { key_id: KEY_ID, digest: KEYED_DIGEST } },
  redirect_codes: {
    isOfPerson: false,
    columns: { digest: RANDOM_DIGEST, code_challenge: 'digest of a random secret (RFC 7636)' },
  },
  referral_codes: {
    isOfPerson: true,
    columns: {
      code: 'random code that the person shares with others',
      node_id: COUNTER,
    },
  },
  referral_nodes: {
    isOfPerson: true,
    columns: {
      id: COUNTER,
      person_id: COUNTER,
      parent_id: 'number of the place of the person who brought this one',
      source: ENUMERATED,
      origin: ORIGIN,
    },
  },
  referral_paths: {
    isOfPerson: true,
    columns: {
      node_id: 'number of a place',
      level: 'a count',
      ancestor_id: 'number of the place of a person above',
    },
  },
  refused_requests: {
    isOfPerson: false,
    columns: {
      request_id: 'id that the caller chose for a request',
      code: ENUMERATED,
      status: 'status of HTTP',
      route: 'pattern of a route',
    },
  },
  replicas: {
    isOfPerson: false,
    columns: {
      version: 'release of the service',
      keys: 'ids and check values of keys, from which no key follows',
      clock_skew_seconds: 'difference of two clocks',
    },
  },
  reveal_requests: {
    isOfPerson: true,
    columns: {
      actor: OPERATOR,
      act: ENUMERATED,
      fields: 'names of fields, not their values',
      reason: 'a word or the number of a request',
      status: ENUMERATED,
      decided_by: OPERATOR,
      mac_key_id: KEY_ID,
      mac: KEYED_DIGEST,
    },
  },
  ring_keys: {
    isOfPerson: false,
    columns: {
      purpose: ENUMERATED,
      key_id: KEY_ID,
      epoch: 'number that the operator gave the key',
      state: ENUMERATED,
      check_value: 'check value, from which no key follows',
    },
  },
  sessions: {
    isOfPerson: true,
    columns: {
      step_up_assurance: ENUMERATED,
      step_up_bot: PUBLIC_BOT,
      device_key_thumbprint: 'digest of a public key of the device (RFC 7638)',
      assurance: ENUMERATED,
      door: ENUMERATED,
      scopes: 'words that the operator chose',
      access_digest: RANDOM_DIGEST,
      prior_access_digest: RANDOM_DIGEST,
      family_digest: RANDOM_DIGEST,
      refresh_digest: RANDOM_DIGEST,
      rotations: 'digests, each with a pair of tokens sealed under the used refresh token',
      access_idle_in: SECONDS,
      access_absolute_in: SECONDS,
      refresh_idle_in: SECONDS,
      end_reason: ENUMERATED,
    },
  },
  step_ups: {
    isOfPerson: false,
    columns: { act: ENUMERATED, code_digest: RANDOM_DIGEST, grant_digest: RANDOM_DIGEST },
  },
  team_history: {
    isOfPerson: true,
    columns: {
      action: ENUMERATED,
      details: 'enumerated values and names of fields',
      origin: ORIGIN,
    },
  },
  team_invitations: {
    isOfPerson: true,
    columns: {
      token_digest: RANDOM_DIGEST,
      role: ENUMERATED,
      max_uses: 'a count',
      use_count: 'a count',
      revoke_reason: ENUMERATED,
      recipient_kind: ENUMERATED,
    },
  },
  team_members: { isOfPerson: true, columns: { role: ENUMERATED } },
  teams: {
    isOfPerson: false,
    columns: {
      name: SHOWN_OF_TEAM,
      name_key: SHOWN_OF_TEAM,
      description: SHOWN_OF_TEAM,
      logo_url: SHOWN_OF_TEAM,
      banner_url: SHOWN_OF_TEAM,
      website_url: SHOWN_OF_TEAM,
      social_links: SHOWN_OF_TEAM,
      owner_role: ENUMERATED,
      member_count: 'a count',
    },
  },
  proof_cutoffs: { isOfPerson: true, columns: { assurance: ENUMERATED } },
  user_applications: {
    isOfPerson: true,
    columns: {
      first_seen_on: 'day of the first sign-in to an application',
      last_seen_on: 'day of the last visit to an application',
    },
  },
  token_name_keys: { isOfPerson: false, columns: { chain_id: 'a chain that the operator configured' } },
  token_names: {
    isOfPerson: false,
    columns: {
      chain_id: 'a chain that the operator configured',
      digest: 'keyed digest of a contract, under a key that is sealed',
      content: 'what the contract says of itself, sealed under the same key',
      asked_on: 'day on which the contract was asked',
    },
  },
  user_erasures: {
    isOfPerson: true,
    columns: {
      kind: ENUMERATED,
      reason: ENUMERATED,
      assurance: ENUMERATED,
      bots: 'bots whose proofs requested the erasure',
    },
  },
  user_reveals: {
    isOfPerson: false,
    columns: {
      actor: OPERATOR,
      day: 'day on which the operator read personal fields',
      count: 'how often on that day',
    },
  },
  username_digests: { isOfPerson: true, columns: { key_id: KEY_ID, digest: KEYED_DIGEST } },
  users: { isOfPerson: true, columns: { status: ENUMERATED, erasure: ENUMERATED } },
  wallet_assets: {
    isOfPerson: true,
    columns: { digest: KEYED_BY_WALLET, asset: KEYED_BY_WALLET, sequence: COUNTER },
  },
  wallet_back_fills: { isOfPerson: true, columns: { chain_id: 'a chain that the operator configured' } },
  wallet_chains: {
    isOfPerson: true,
    columns: {
      chain_id: 'a chain that the operator configured',
      from_block: 'the block from which on the wallet is followed: about when it was linked',
    },
  },
  wallet_remains: { isOfPerson: false, columns: { digest: 'keyed digest, whose key is destroyed' } },
  wallet_tallies: { isOfPerson: true, columns: { digest: KEYED_BY_WALLET } },
  wallet_transfers: {
    isOfPerson: true,
    columns: { digest: KEYED_BY_WALLET, sequence: COUNTER, entry: KEYED_BY_WALLET },
  },
  wallet_transfers_pending: {
    isOfPerson: true,
    columns: {
      chain_id: 'a chain that the operator configured',
      block_number: PUBLIC_BLOCK,
      block_hash: PUBLIC_BLOCK,
      digest: 'keyed digest, another one in each block',
      position: COUNTER,
    },
  },
  wallet_challenges: { isOfPerson: false, columns: { digest: RANDOM_DIGEST } },
  wallet_address_digests: {
    isOfPerson: true,
    columns: { key_id: KEY_ID, digest: KEYED_DIGEST },
  },
  wallets: {
    isOfPerson: true,
    columns: {
      kind: ENUMERATED,
      provider: ENUMERATED,
      environment: ENUMERATED,
      chain_id: 'the chain of a contract wallet',
    },
  },
  webhook_attempts: {
    isOfPerson: false,
    columns: { outcome: ENUMERATED, status: 'HTTP status', duration_ms: 'milliseconds' },
  },
  webhook_deliveries: {
    isOfPerson: true,
    columns: {
      sequence: COUNTER,
      subject: 'id of an account or object',
      type: ENUMERATED,
      state: ENUMERATED,
      attempts: COUNTER,
    },
  },
  webhook_endpoints: {
    isOfPerson: false,
    columns: {
      name: CHOSEN_BY_OPERATOR,
      url: 'address that an operator chose',
      types: ENUMERATED,
      application_ids: 'ids of applications',
      status: ENUMERATED,
      disabled_reason: ENUMERATED,
    },
  },
  webhook_queues: { isOfPerson: true, columns: { subject: 'id of an account or object' } },
  webhook_secrets: { isOfPerson: false, columns: { kind: ENUMERATED, public_key: 'public key' } },
};

/** Schemas of libraries, reviewed as a whole. */
export const reviewedSchemas: Readonly<Record<string, string>> = {
  pgboss:
    'the job queue: names, times and states of recurring jobs. They carry no data, which a test checks.',
};
