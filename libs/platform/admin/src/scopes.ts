/**
 * Everything that a principal can be allowed to do, with its description in the documents. Guards, the OpenAPI document and
 * docs/administration.md are made from this table.
 */
export const scopeMeanings = {
  'applications:read': 'List and read applications, their settings, bots and the names of their secrets',
  'applications:write': 'Create applications, each with its first client secret, and change their settings',
  'secrets:write': 'Add and remove client secrets and Rapidpace secrets of applications that exist',
  'bots:write': 'Add, change and remove bots, replace their tokens, and change the list of allowed bots',
  'users:read': 'List and read accounts, without any personal field',
  'users:write': 'Deactivate and reactivate accounts',
  'users:lookup':
    'Find accounts by an id of a platform, a wallet, a username, a phone number, a session or an account id',
  'users:reveal': 'Read personal fields of one account, with a reason',
  'users:reveal_approve':
    'Approve and decline requests of others to read personal fields and to export accounts',
  'users:export': 'Read everything that is stored about one person, with a reason',
  'users:erase': 'Close accounts and have them erased',
  'identities:read': 'List and read identities, without the platform’s ids and names',
  'identities:write': 'Detach and confirm identities',
  'wallets:read': 'List and read wallets, without their addresses and names',
  'wallets:write': 'Unlink wallets',
  'sessions:read': 'List and read sessions',
  'sessions:end': 'End sessions',
  'referrals:read': 'Read the referrals of an account: its code, its referrers, how many are below',
  'installation:read': 'Read the settings of the installation',
  'installation:write': 'Change the settings of the installation',
  'identity-keys:read': 'List the keys of identity tokens',
  'identity-keys:write': 'Rotate and revoke the keys of identity tokens',
  'webhooks:read': 'List and read webhook endpoints, the ids of their secrets, and their deliveries',
  'webhooks:write':
    'Create, change, test and remove webhook endpoints and their secrets, and deliver events again',
  'teams:read': 'List and read teams, their members and their history',
  'teams:write': 'Change, transfer, delete and restore teams, and remove members',
  'invitations:read': 'List invitations to teams, without their tokens and recipients',
  'invitations:write': 'Revoke invitations to teams',
  'chains:read':
    'Read the configured chains and how far they are read, and ask their nodes for their latest block',
  'chains:write': 'Have a chain read again from a block on',
  'audit:read': 'Read the audit trail',
  'jobs:read': 'Read the state of the jobs',
  'jobs:run': 'Have a job run once, beside its schedule',
  'principals:read': 'List and read principals and the names of their secrets',
  'principals:write': 'Create, change and remove principals, up to one’s own scopes',
} as const satisfies Record<`${string}:${string}`, string>;

export type Scope = keyof typeof scopeMeanings;

export const allScopes = Object.keys(scopeMeanings) as readonly Scope[];
