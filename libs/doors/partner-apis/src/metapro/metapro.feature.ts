import { IsBoolean } from 'class-validator';
import { type Preset, SettingsGroup } from '@countersign/applications';
import { defineLoginMethods } from '@countersign/sessions';

/** The names differ from the native methods, because sessions of this API have other tokens. */
export const metaproMethods = defineLoginMethods({ telegram: 'metapro-telegram', wallet: 'metapro-wallet' });

class MetaproSettings {
  /** Whether Metapro's clients may use the application. They can read teams without signing in. */
  @IsBoolean()
  enabled = false;

  /**
   * Whether all readers of this API see the usernames and avatars that people set in it. If so, an update of a private
   * username or avatar gives it the visibility `application`.
   */
  @IsBoolean()
  showsNames = false;
}

export const metaproSettings = new SettingsGroup('metapro', MetaproSettings);

export const metaproPreset: Preset = {
  name: 'metapro',
  settings: () => ({
    metapro: { enabled: true, showsNames: true },
    profileNeeds: ['username', 'avatarUrl'],
    wallets: { createsAccounts: true },
    referrals: { mode: 'optional' },
  }),
  lines: [
    'Metapro: people sign in with init data or with a wallet.',
    'They connect wallets, send scores, create teams and invite other people.',
    'Everybody can read their usernames, avatars and scores.',
    'A signed-in person can find other people by the address of a wallet.',
    'Scores: pages send them to the leaderboard Scores, which the preset adds if the application has no leaderboard.',
    'Anyone can send any score for any person to it, because a page cannot keep a secret.',
    "A call with a person's token can send scores of this person only, but a call without a token is accepted too.",
    'No call can lower a score on it, because scores are added up.',
    'Give nothing of value for a rank on it.',
    'For ranks with a value, create another leaderboard with `countersign board create`, and send its scores from your server.',
    'NFTs and history: each chain needs an entry in CHAINS with `mayNameAddresses`, an `indexer`, and two nodes in `rpcUrls` (docs/chains.md).',
    'Without an indexer the lists are empty, and `incompleteChains` names the chain.',
    'With one node nothing in the lists is final.',
    "Wallets: Metapro's message names no site, so any page can have a wallet sign it and pass the signature on.",
    'The signature opens the account that linked the wallet, or the only account that connected it, if this was in this application.',
    'It creates an account if no account has the wallet.',
    'Its session can read and play, but cannot connect wallets, join accounts or move money.',
    'It can change the profile, except for contacts, as long as the account has only this wallet and the wallet has never signed in by SIWE.',
    'A page can also connect the wallet to an account of its own with the signature.',
    'Then the wallet signs in to that account until the owner of the wallet links it.',
    'If the owner has connected it too, the wallet signs in to no account until then.',
    'Thieves: the thief of a session can read and act as its person until the session ends, and connect a wallet of their own.',
    'That wallet opens further sessions until the person disconnects it.',
    'During the first five minutes after a sign-in with Telegram, the thief can also join the account of a wallet.',
    'The joined wallet signs in, as `vendor`, in all applications that accept wallets, until the person separates it.',
    'Each of these connections and joins is an event.',
    'The thief of the bot token cannot sign in with init data, because Telegram has to sign it too.',
  ],
};
