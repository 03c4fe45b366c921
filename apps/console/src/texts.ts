/** The texts of the console that are not those of docs/openapi/admin.json. */
export const texts = {
  title: 'Countersign console',
  none: 'none',
  all: 'All',
  any: 'Any',
  byDefault: 'Default',
  onePerLine: 'One per line.',
  instantHint: 'In UTC, such as 2026-11-20T08:00:00Z',
  applyFilter: 'Apply filter',
  yes: 'yes',
  no: 'no',
  done: 'Done',
  details: 'Details',
  close: 'Close',
  cancel: 'Cancel',
  loading: 'Loading …',
  nothing: 'Nothing here.',
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
  auditRecord: 'Audit record',
  skip: 'Skip to content',
  sections: 'Sections',
  signOut: 'Sign out',
  signedInAs: 'Signed in as',
  notFound: 'This page does not exist, or you do not have access to it.',
  show: 'Show',
  brief: 'These fields are hidden after a minute, or when you leave this page.',
  hidden: 'The fields are hidden again.',
  /** What helps where an action is refused, by the code of the error. */
  help: {
    'account.forfeit_not_named':
      'The erasure would destroy these for good, such as wallets that the person has not exported. To erase the account nevertheless, enter their IDs under “Give up for good”.',
    'service.unavailable':
      'The service, or its database, cannot answer at the moment. Try again in a few seconds.',
    unknown: 'The answer does not come from the service: a proxy before it may be at fault.',
    'user.lookup_off':
      'Usernames of platforms are not indexed. Switch it on by “countersign installation set --username-lookup on”.',
  } as Readonly<Record<string, string>>,

  signIn: {
    title: 'Sign in',
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

  /**
   * Labels of buttons and titles, and what a dialog says, where docs/openapi/admin.json has others or its words are for programs.
   * By the operation, or by the name that a descriptor has for its use.
   */
  words: {
    getReadiness: ['Is it ready? The replica that answered says'],
    runJob: ['Run now'],
    listAuditRecords: ['Audit trail'],
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
    readUser: ['Person'],
    exportUser: [
      'Export',
      'All data stored about this person is downloaded to this device. Your reason is recorded in the audit trail.',
    ],
    eraseUser: [
      'Erase',
      'The account is closed now, and its data is erased after the waiting period. Until then you can cancel the erasure here.',
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

  find: {
    page: 'Find',
    title: 'Find a person',
    by: 'Search by',
    value: 'Value',
    submit: 'Find',
    kinds: {
      telegramId: 'Telegram ID',
      username: 'Username',
      walletAddress: 'Wallet address',
      userId: 'Account ID',
      sessionId: 'Session ID',
      openweb3Id: 'OpenWeb3 ID',
    },
    found: 'Accounts',
    noAccount: 'No account found.',
    environment: 'Environment',
    production: 'Production',
    test: 'Test',
    recorded: 'Each search is recorded in the audit trail.',
  },

  person: {
    applications: 'Applications',
    applicationsText: 'Applications of this person’s 200 most recent sessions.',
  },

  audit: {
    note: 'Reading the audit trail is recorded too. A page of a filtered list can be empty: look at the older pages too.',
  },

  applications: {
    settings: 'Settings',
    change: 'Change settings',
    general: 'General',
    changes: 'Changed',
    wrong: 'These values are not valid',
    reset: 'Reset to default',
  },

  webhooks: {
    title: 'Webhooks',
  },

  service: {
    title: 'Service',
    licences: 'Licenses of the libraries on this page',
  },

  principals: {
    beyond: 'It has scopes that you do not have, so you cannot change it.',
  },
} as const;

/** Names of fields where splitting their words is not enough. */
const labels: Readonly<Record<string, string>> = {
  userId: 'account',
  applicationId: 'application',
  sessionId: 'session',
  identityId: 'identity',
  teamId: 'team',
  walletId: 'wallet',
  endpointId: 'endpoint',
  eventId: 'event',
  secretId: 'secret',
  requestId: 'request',
  principalId: 'principal',
  botId: 'bot',
  kid: 'key',
  forfeit: 'give up for good',
  lastSeenOn: 'last seen',
  erasesAt: 'erases at',
};

/** The label of a field of the API. */
export function labelOf(name: string): string {
  const words =
    labels[name] ??
    name
      .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
      .replaceAll(/[_-]/g, ' ')
      .toLowerCase();
  const written = words.replaceAll(/\b(?:url|id)(?=s?\b)/g, (word) => word.toUpperCase());
  return written.charAt(0).toUpperCase() + written.slice(1);
}
