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
    settings: () => ({ xellar: { enabled: true }, embeddedWallets: { undecoded: 'sign' } }),
    signaturePolicy: 'optional',
    lines: [
      'Xellar: people sign in by the Login Widget or init data, make wallets, sign, and send up to `sends.compatPerDay`.',
      'Custody has to let them: add amounts and "undecoded": "sign" to its rules (docs/embedded-wallets.md).',
      'All is signed, also what cannot be decoded: one such signature can give away all that a wallet has, and no limit counts it.',
      'A thief of a page or a session signs anything with the wallet of its person, and sends up to the daily amounts.',
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
