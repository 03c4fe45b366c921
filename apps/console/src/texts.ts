/** The texts of the console that docs/openapi/admin.json does not have. */
export const texts = {
  title: 'Countersign console',
  none: 'none',
  absent: '–',
  all: 'All',
  any: 'Any',
  byDefault: 'Default',
  onePerLine: 'One per line.',
  filter: 'Filter',
  applyFilter: 'Apply filter',
  yes: 'yes',
  no: 'no',
  done: 'Done',
  details: 'Details',
  more: 'More',
  menu: 'Menu',
  choose: 'Choose',
  other: 'another',
  copy: 'Copy',
  copyId: 'Copy the ID',
  copied: 'Copied',
  stored: 'I have stored it',
  secretOnce: 'This secret is shown once. Store it now where your secrets are.',
  close: 'Close',
  cancel: 'Cancel',
  loading: 'Loading …',
  nothing: 'Nothing here yet.',
  nothingYet: 'Nothing on this page. Older pages may have results.',
  newer: 'Newer',
  older: 'Older',
  pages: 'pages',
  actions: 'Actions',
  request: 'Request',
  failed: 'The request failed',
  tryAgain: 'Try again',
  unreachable: 'The service is not responding',
  unreachableDetail:
    'Check the network and try again. The service may already have carried out your last action.',
  brokenAnswer: 'The answer is incomplete',
  brokenAnswerDetail:
    'Its end is missing, so nothing of it is shown or saved as a file. The service may already have carried out your last action.',
  recorded: 'Recorded in the audit trail under request',
  optional: 'optional',
  atLeast: 'at least',
  chooseOne: 'Choose at least one of these',
  malformed: 'This does not have the form that is described there',
  skip: 'Skip to content',
  sections: 'Sections',
  signOut: 'Sign out',
  signedInAs: 'Signed in as',
  notFound: 'This page does not exist, or you do not have access to it.',
  brief: 'These fields are hidden after a minute, or when you leave this page.',
  hidden: 'The fields are hidden again.',
  help: {
    'account.forfeit_not_named':
      'Wallets, or other things of the person, would be lost for good. “Give up for good” lists their IDs. To erase the account nevertheless, press “Erase” again.',
    'service.unavailable':
      'The service, or its database, cannot answer at the moment. Try again in a few seconds.',
    unknown: 'The answer does not come from the service: a proxy before it may be at fault.',
  } as Readonly<Record<string, string>>,

  signIn: {
    provider: 'Sign in with the company account',
    or: 'Use a secret instead',
    principalId: 'Principal ID',
    secret: 'Secret',
    secretHint:
      'In a clone: “npx countersign principal create --name alice --all-scopes” prints both. “npm start” prints a link that signs you in.',
    submit: 'Sign in',
    refused: {
      'console.no_access':
        'Your company account has no access to this console, or its access is disabled. Ask an administrator for a role.',
      'console.sign_in_failed': 'The sign-in was canceled or took too long. Try again.',
      'console.sign_in_not_repeated':
        'The sign-in provider did not ask you to sign in again, which is needed after a sign-out here and when your sign-in there is too old. Sign out at the provider, then sign in here. If that does not help, ask an administrator.',
      'console.provider_failed':
        'The sign-in provider returned an unexpected answer. Ask an administrator to check the log.',
    } as Readonly<Record<string, string>>,
    otherRefusal: 'The sign-in failed. Try again.',
  },

  /** Replaces words of docs/openapi/admin.json, by the operation or by the name that a descriptor gives its use. */
  words: {
    runJob: ['Run now'],
    listAuditRecords: ['Audit trail'],
    listUsers: ['People'],
    listWebhooks: ['Webhooks'],
    readCustody: ['Custody'],
    readEmbeddedWallet: ['Embedded wallet'],
    freezeWallet: ['Freeze'],
    stopWallets: ['Stop all embedded wallets'],
    revealUser: ['Reveal'],
    changeTeam: ['Change'],
    createListing: ['Create a listing'],
    replayWebhookDelivery: ['Deliver again'],
    closeSeason: ['Close'],
    addBot: ['Add a bot'],
    rotateLeaked: [undefined, 'The new token is used from now on. You cannot enter the leaked token again.'],
    disableBot: ['Disable', 'No one can sign in through this bot until it is active again.'],
    activateBot: ['Activate', 'People can sign in through this bot again.'],
    activateLeaked: [
      'Activate',
      'All proofs of this bot are accepted again. Replace the token first: otherwise anyone who has the leaked token can sign in as any person.',
    ],
    compromiseBot: [
      'Mark as compromised',
      'Proofs that rely on the token alone are refused from now on, the overlap of the previous token ends, and erasures requested with the token are withdrawn.',
    ],
    renameApplication: ['Rename', 'Only the name changes. The application ID stays the same.'],
    addSystems: [
      'Add a system',
      'The settings that the clients of the system need are added to those of the application.',
    ],
    changeSettings: ['Save settings', 'The new settings apply to everyone who uses this application.'],
    disablePrincipal: [
      'Disable',
      'Its tokens and sessions end now. It cannot sign in or get tokens until it is enabled again.',
    ],
    enablePrincipal: [
      'Enable',
      'It can sign in and get tokens again with its existing secrets. Review them first.',
    ],
    changePrincipal: ['Change the scopes'],
    history: ['History'],
    listAllowedBots: ['Bots of others'],
    allowBot: ['Allow a bot'],
    disallowBot: ['Remove'],
    listOpenidClients: ['OpenID clients'],
    createOpenidClient: ['Create a client'],
    switchLookupOn: [
      'Find people by username',
      'From now on usernames are stored as keyed hashes, so that they can be searched. People who are known already can be found within minutes. You can switch this off again under Service.',
    ],
    exportUser: [
      'Export',
      'All data stored about this person is downloaded to this device. Your reason is recorded in the audit trail.',
    ],
    eraseUser: [
      'Erase',
      'The account closes at once: its sessions end, and the person cannot sign in. Until the date of the erasure, you can cancel the erasure here.',
    ],
    detachIdentity: [
      'Separate',
      'This identity moves to a new account, and the sessions that it opened end.',
    ],
    separateMerge: [
      'Undo merge',
      'The account that was merged into this one becomes a separate account again, with the data it had before. This works only while the merge can still be undone.',
    ],
  } as Readonly<Record<string, readonly [label?: string | undefined, text?: string]>>,

  times: {
    lastHour: 'The last hour',
    today: 'Today',
    lastWeek: 'The last 7 days',
    in: ['In an hour', 'In a day', 'In 30 days', 'In 90 days'] as readonly string[],
    date: 'Date and time',
  },

  actors: {
    principal: '',
    user: 'person',
    session: 'session',
    identity: 'identity',
    application: 'application',
  } as Readonly<Record<string, string>>,

  /** The text of an empty list: its future content, and how to begin. */
  empty: {
    listApplications: 'An application is a product that people sign in to. Create one, then add its bot.',
    listBots:
      'A bot is how Telegram vouches for people who open an application. Make one at @BotFather, and add it here with its token.',
    listWebhooks:
      'A webhook tells one of your services what happened here, such as the erasure of an account. Create one with the address of the service.',
    listWebhookDeliveries:
      'No event was delivered to this address in the last 30 days. Send a test event to see whether it answers.',
    listBoards:
      'A leaderboard ranks people by scores that your service sends. Create one for an application.',
    listListings:
      'A listing presents an application to the people of the others. Create one, and assign it to a team.',
    listUsers: 'No one has signed in yet. People appear here after their first sign-in to an application.',
    listUserSessions: 'A session begins when the person signs in. There is none of the last 30 days.',
    listIdentities: 'An identity is an account at a platform, such as Telegram. This person has none.',
    listTeams: 'The person is a member of no team.',
    listWallets: 'Wallets appear here when people link one, or get an embedded one.',
    listSends: 'This wallet has sent nothing yet.',
    listPrincipalSecrets: 'Without a secret no one can sign in as this principal. Add one.',
    listClientSecrets: 'A service of this application needs a secret to ask about sessions. Add one.',
    listAllowedBots: 'This application accepts the launches of no bot of another operator.',
    listOpenidClients:
      'A client is another product, such as a wiki, that people sign in to with their account here. Create one with the address that it returns to.',
    listAuditRecords: 'Nothing was recorded that fits. Choose a longer time, or fewer filters.',
  } as Readonly<Record<string, string>>,

  home: {
    title: 'Home',
    plots: {
      signIns: 'Sign-ins',
      newPeople: 'New people',
      activeSessions: 'Active sessions',
      refusals: 'Refusals',
    },
    lastDays: 'in 30 days',
    today: 'today',
    most: 'most in a day:',
    choose: 'Choose a bar to see why',
    lookUp:
      'To look one call up: the answer has its request ID in the header X-Request-Id, and the log has one line with that ID and the code. Without an ID, search the log for the code.',
    health: 'Health',
    checkAgain: 'Check again',
    lights: { red: 'Fails', amber: 'Works, with a hint', green: 'Works' },
    notAsked: 'Checks after one that fails are not made.',
  },

  find: {
    title: 'Find a person',
    value: '@username, Telegram ID, wallet address, account or session ID',
    hint: 'Each search is recorded in the audit trail.',
    or: 'or',
    submit: 'Find',
    kinds: {
      telegramId: 'Telegram ID',
      username: 'Username',
      walletAddress: 'Wallet address',
      userId: 'Account ID',
      sessionId: 'Session ID',
      openweb3Id: 'OpenWeb3 ID',
    },
    noAccount: 'No account found.',
    environment: 'Environment',
    production: 'Production',
    test: 'Test',
    lookupOff: 'People are not found by username: usernames are not indexed here.',
    lookupOn: 'Usernames are indexed from now on. It takes a few minutes; then search again.',
  },

  account: 'Account',
  toBeErased: 'to be erased',
  auditNote:
    'Reading the audit trail is recorded too. A page of a filtered list can be empty: look at the older pages too.',
  service: 'Service',
  licences: 'Licenses of the libraries on this page',
  beyond: 'It has scopes that you do not have, so you cannot change it.',

  applications: {
    settings: 'Settings',
    change: 'Change settings',
    general: 'General',
    changes: 'Changed',
    wrong: 'These values are not valid',
    all: 'All settings',
    others: 'Everything else has its default.',
    per: 'in',
    seconds: 'seconds',
    allowed: 'Allowed',
    reset: 'Reset to default',
  },
} as const;

export const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  kind: {
    browser: 'Browser',
    device: 'Device',
    'telegram-init-data': 'Telegram Mini App',
    'telegram-third-party-init-data': 'Telegram Mini App of another bot',
    'telegram-login-widget': 'Telegram Login Widget',
    'telegram-oidc': 'Log In With Telegram',
    'openweb3-init-data': 'OpenWeb3 Mini App',
    'rapidpace-link': 'Rapidpace link',
    'metapro-telegram': 'Metapro, with Telegram',
    'metapro-wallet': 'Metapro, with a wallet',
    'xellar-mini-app': 'Xellar, from a Mini App',
    'xellar-login-widget': 'Xellar, with the Telegram Login Widget',
    wallet: 'Wallet',
    other: 'Other',
  },
  endReason: {
    logout: 'Logged out',
    idle: 'Not used for too long',
    absolute: 'Reached its longest duration',
    evicted: 'Too many sessions',
    'ended-by-owner': 'Ended in the list of sessions',
    'ended-all': 'All were ended at once',
    revoked: 'Ended by an operator or a service',
    'refresh-reuse': 'Possible theft: a refresh token came twice',
    deactivated: 'The account was deactivated',
    merged: 'Its account was merged into another',
    unlinked: 'Its identity left the account',
    outranked: 'A stronger proof of the person came',
    erased: 'The erasure of the account was requested',
    'code-reuse': 'Possible theft: a one-time code came twice',
    disputed: 'Refused until an operator says whether the database was restored',
  },
  provider: { telegram: 'Telegram', openweb3: 'OpenWeb3', ethereum: 'Ethereum', ton: 'TON' },
  check: {
    schema: 'Tables of the database',
    'side-tasks': 'Work beside requests',
    erasures: 'Erasures after a restore',
  },
  action: {
    'audit.read': 'The audit trail was read',
    'principal.authenticated': 'A principal signed in',
    'session.reentered': 'A person came back to their session',
    'session.reentry_refused': 'A proof came again without the key of its device',
    'user.exported': 'The data of a person was exported',
    'user.looked_up': 'A person was searched for',
    'board.scores_sent': 'Scores were sent to a leaderboard',
    'openid.accepted': 'A sign-in at a client was accepted',
    'openid.consented': 'A person let a client read their data',
    'openid.consent_revoked': 'A person took back the consent for a client',
    'wallet.brake_applied': 'All embedded wallets were stopped',
    'webhook.replayed': 'An event was delivered again',
  },
};

declare const ACTS_OF_DOCS: Readonly<Record<string, string>>;

export function wordOf(field: string, value: string): string {
  const own = words[field === 'providers' ? 'provider' : field]?.[value];
  if (own !== undefined || field !== 'action') return own ?? value;
  const [thing = '', act = ''] = value.split('.');
  const [deed = '', ...of] = labelOf(act).toLowerCase().split(' ').toReversed();
  const nouns = [...(of.length > 0 ? [of.join(' ')] : []), labelOf(thing).toLowerCase()];
  const named = nouns.map((noun) => `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`).join(' of ');
  return ACTS_OF_DOCS[value] ?? `${named.charAt(0).toUpperCase()}${named.slice(1)} was ${deed}`;
}

const SUPPORT: readonly string[] = [
  ...['applications:read', 'audit:read', 'counters:read', 'identities:read', 'installation:read'],
  ...['sessions:read', 'sessions:end', 'users:lookup', 'users:read', 'users:write'],
];

/** Groups of scopes that a form offers as one choice, among the scopes of the caller. */
export function rolesOf(
  own: readonly string[],
): readonly (readonly [role: string, scopes: readonly string[]])[] {
  return [
    ['Support', own.filter((scope) => SUPPORT.includes(scope))],
    ['Auditor', own.filter((scope) => scope.endsWith(':read'))],
    ['Administrator', own],
  ];
}

const labels: Readonly<Record<string, string>> = {
  userId: 'account',
  kid: 'key',
  openweb3: 'OpenWeb3',
  audit: 'audit trail',
  board: 'leaderboard',
  user: 'person',
  forfeit: 'give up for good',
  isThirdParty: 'of a third party',
  isPublic: 'without a secret',
  lastSeenOn: 'last seen',
  occurredAt: 'when',
  action: 'what',
  actor: 'by',
  endReason: 'why it ended',
  isFounding: 'first one',
  for: 'systems',
  from: 'since',
  erasesAt: 'erased on',
  lost: 'deleted',
};

export function labelOf(name: string): string {
  const words =
    labels[name] ??
    name
      .replace(/^is(?=[A-Z])|(?<=[a-z])(?:At|Id)$/, '')
      .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
      .replaceAll(/[_-]/g, ' ')
      .toLowerCase();
  const written = words.replaceAll(/(?<=\b|\bopen)(url|id|oidc)(?=s?\b)/g, (word) => word.toUpperCase());
  return written.charAt(0).toUpperCase() + written.slice(1);
}
