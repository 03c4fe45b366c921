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
      'Mini App: people sign in by init data that Telegram has signed, and connect wallets to show.',
      'A thief of a page or a session reads and acts as its person until the session ends; acts on the account need a new launch.',
      'A thief of the token of the bot signs in as no one: init data needs the signature of Telegram too.',
    ],
  },
  metapro: {
    settings: {
      metapro: { enabled: true },
      wallets: { createsAccounts: true },
      referrals: { mode: 'optional' },
    },
    lines: [
      'Metapro: its clients sign in by init data or by a wallet, connect wallets, and show names, pictures, scores and teams.',
      'One signature of the text of Metapro, which names no site, is enough to read and play as the person of the wallet: any page can have it made.',
      'A thief of a page or a session reads and plays as its person; neither reaches the account or money.',
      'A thief of the token of the bot signs in as no one: init data needs the signature of Telegram too.',
    ],
  },
  rapidpace: {
    settings: { rapidpace: { registeredLinkMaxAge: 31_536_000 } },
    lines: [
      'Rapidpace: players sign in by links; a link whose player was registered is good for a year after /start.',
      'Who has the link of a player, or the call that registered the player, reads and plays as that player until the link is a year old or the player ends all sessions.',
      'Who has the secret of Rapidpace reads and plays as every player. None of them reaches the account or money.',
    ],
  },
  openweb3: {
    settings: { perRequestInitData: { accept: true, maxAge: 86_400 } },
    lines: [
      'OpenWeb3: people sign in by init data, and send it with each request instead of a token.',
      'A thief of a page has init data that reads and acts as its person for 24 hours. A logout does not end it; the end of all sessions does.',
      'A thief of the token of the bot signs in as every person of the bot, and reaches accounts that have nothing but OpenWeb3.',
    ],
  },
  xellar: {
    settings: { xellar: { enabled: true } },
    lines: [
      'Xellar: people sign in by the Login Widget and by init data without the signature of Telegram, make wallets, sign and send.',
      'A thief of a session signs and sends with the wallet of its person, up to the amounts of `sends`.',
      'A thief of the token of the bot does so with all wallets that were made without the signature of Telegram.',
    ],
  },
};
