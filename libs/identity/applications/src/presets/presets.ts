/** The systems whose public clients an application can serve. */
export const presetNames = ['mini-app', 'metapro', 'rapidpace', 'openweb3', 'xellar'] as const;
export type PresetName = (typeof presetNames)[number];

/** What the clients of a system need, and what that costs. */
interface Preset {
  /** Settings as an operator writes them. Lists are added to what an application has. */
  readonly settings: object;
  /** Sentences for the operator: what is allowed, and what a thief can do with it. */
  readonly lines: readonly string[];
}

export const presets: Readonly<Record<PresetName, Preset>> = {
  'mini-app': {
    settings: {},
    lines: [
      'Mini App: people sign in by init data that Telegram has signed.',
      'A thief of a page or a session reads and acts as its person until the session ends; acts on the account need a new launch.',
      'A thief of the token of the bot signs in as no one: init data needs the signature of Telegram too.',
    ],
  },
  metapro: {
    settings: {
      metapro: { enabled: true, showsNames: true },
      profileNeeds: ['username', 'avatarUrl'],
      wallets: { createsAccounts: true },
      referrals: { mode: 'optional' },
    },
    lines: [
      'Metapro: its clients sign in by init data or by a wallet, connect wallets, and keep scores, teams and referrals. Everyone reads usernames, avatars and scores, and people find others by wallet.',
      'One signature of the text of Metapro, which names no site, is enough to read and play as its person: any page can have it made. It opens the account that linked the wallet, or the only one that connected it here; otherwise it creates an account, or connects the wallet to that of a thief. It reaches neither the account nor money.',
      'A thief of a page or a session reads and plays as its person until the session ends, and can connect a wallet that does so until the person disconnects it; in the five minutes after its sign-in also join the account of a wallet, which signs in, as weakly, in all applications that take wallets, until the person separates it. Each is an event.',
      'A thief of the token of the bot signs in as no one: init data needs the signature of Telegram too.',
    ],
  },
  rapidpace: {
    settings: {},
    lines: [
      'Rapidpace: players sign in by links; a link whose player was registered is good for a year after /start.',
      'Who has the link of a player, or the call that registered the player, reads and plays as that player until the link is a year old or the player ends all sessions.',
      'Who has the secret of Rapidpace reads and plays as every player. None of them reaches the account or money.',
    ],
  },
  openweb3: {
    settings: { perRequestInitData: { accept: true }, embeddedWallets: { enabled: true } },
    lines: [
      'OpenWeb3: people sign in by init data, or send it with each request here and at the gateway, for 24 hours: an open Mini App gets no newer one. They use all that the application has in use, export and erase.',
      'A thief of a launch reads and plays as its person for 24 hours. A logout does not end that; the end of all sessions does. If the thief signs in with it before its person, the session does all that asks for no step-up, within the settings of the application.',
      'A thief of a session reads and plays until it ends. What a step-up asks for needs a new launch.',
      'A thief of the token of the bot is every person who has OpenWeb3 alone, with the account and all in it. Of people whose account Telegram opened, the thief reads and plays in this application alone; who added Telegram later is as one who has OpenWeb3 alone.',
    ],
  },
  xellar: {
    settings: { xellar: { enabled: true }, embeddedWallets: { undecoded: 'sign' } },
    lines: [
      'Xellar: people sign in by the Login Widget or init data, make wallets, sign, and send up to `sends.compatPerDay`.',
      'All is signed, also what cannot be decoded: one such signature can give away all that a wallet has, and no limit counts it.',
      'A thief of a page or a session signs anything with the wallet of its person, and sends up to the daily amounts.',
      'A thief of the token of the bot does so with wallets that were made here without the signature of Telegram, and opens no other.',
    ],
  },
};
