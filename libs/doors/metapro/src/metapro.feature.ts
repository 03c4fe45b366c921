import { IsBoolean } from 'class-validator';
import { definePresets, defineSettings } from '@countersign/applications';
import { defineDoorNames } from '@countersign/sessions';
import type { Declared, NamesOf } from '@countersign/text';

/** Names of their own, since sessions of this API have other tokens than those of the native doors. */
const doorNames = defineDoorNames(['metapro-telegram', 'metapro-wallet']);

/** The API of Metapro's clients. */
class MetaproSettings {
  /** Whether its clients may use the application. They read teams, without persons, before they sign in. */
  @IsBoolean()
  enabled = false;

  /**
   * Whether all who read this API see usernames and avatars that people set in it: `update` then gives them the visibility
   * `application` where they were private.
   */
  @IsBoolean()
  showsNames = false;
}

const settings = defineSettings('metapro', MetaproSettings);

const presets = definePresets({
  metapro: {
    settings: () => ({
      metapro: { enabled: true, showsNames: true },
      profileNeeds: ['username', 'avatarUrl'],
      wallets: { createsAccounts: true },
      referrals: { mode: 'optional' },
    }),
    lines: [
      'Metapro: its clients sign in by init data or by a wallet, connect wallets, and keep scores, teams and referrals. Everyone reads usernames, avatars and scores, and people find others by wallet.',
      'One signature of the text of Metapro, which names no site, is enough to read and play as its person: any page can have it made. It opens the account that linked the wallet, or the only one that connected it here; otherwise it creates an account, or connects the wallet to that of a thief. It reaches neither the account nor money.',
      'A thief of a page or a session reads and plays as its person until the session ends, and can connect a wallet that does so until the person disconnects it; in the five minutes after its sign-in also join the account of a wallet, which signs in, as weakly, in all applications that take wallets, until the person separates it. Each is an event.',
      'A thief of the token of the bot signs in as no one: init data needs the signature of Telegram too.',
    ],
  },
});

declare module '@countersign/sessions' {
  interface DoorNames extends NamesOf<typeof doorNames> {}
}

declare module '@countersign/applications' {
  interface Presets extends NamesOf<typeof presets> {}
  interface SettingsGroups extends Declared<typeof settings> {}
}
