import { IsBoolean } from 'class-validator';
import { definePresets, defineSettings } from '@countersign/applications';
import { defineDoorNames } from '@countersign/sessions';
import type { Declared, NamesOf } from '@countersign/text';

/** Names of their own, since sessions of this API have other tokens than those of the native doors. */
export const xellarDoors = defineDoorNames(['xellar-mini-app', 'xellar-login-widget']);

/** The API of Xellar's clients. */
class XellarSettings {
  /** Whether its clients may use the application. */
  @IsBoolean()
  enabled = false;
}

const settings = defineSettings('xellar', XellarSettings);

const presets = definePresets({
  xellar: {
    settings: () => ({ xellar: { enabled: true } }),
    signaturePolicy: 'optional',
    lines: [
      'Xellar: people sign in by the Login Widget or init data, make wallets, and sign and send what the rules of custody allow.',
      'Without a rule nothing moves. Put into the file of CUSTODY_RULES, for each chain (docs/embedded-wallets.md): "undecoded": "sign", "assets": [{ "chain": "eip155:1", "token": null, "walletPerDay": "<wei>", "allPerHour": "<wei>" }, { "chain": "eip155:1", "token": "*", "walletPerDay": "<units>", "allPerHour": "<units>" }]',
      '"undecoded": "sign" is of all applications: one such signature can give away all that a wallet has, and no amount counts it. Leave it out where your clients sign nothing else than sends and texts.',
      'A thief of a page or a session signs and sends with the wallet of its person, within these rules.',
      'A thief of the token of the bot does so with wallets that were made here without the signature of Telegram, and opens no other.',
    ],
  },
});

declare module '@countersign/sessions' {
  interface DoorNames extends NamesOf<typeof xellarDoors> {}
}

declare module '@countersign/applications' {
  interface Presets extends NamesOf<typeof presets> {}
  interface SettingsGroups extends Declared<typeof settings> {}
}
