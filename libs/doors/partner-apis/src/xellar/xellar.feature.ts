import { IsBoolean } from 'class-validator';
import { type Preset, SettingsGroup } from '@countersign/applications';
import { defineLoginMethods } from '@countersign/sessions';

/** The names differ from the native methods, because sessions of this API have other tokens. */
export const xellarMethods = defineLoginMethods({
  miniApp: 'xellar-mini-app',
  loginWidget: 'xellar-login-widget',
});

class XellarSettings {
  /** Whether Xellar's clients may use the application. */
  @IsBoolean()
  enabled = false;
}

export const xellarSettings = new SettingsGroup('xellar', XellarSettings);

export const xellarPreset: Preset = {
  name: 'xellar',
  settings: () => ({ xellar: { enabled: true }, loginWidget: { accept: true } }),
  signaturePolicy: 'optional',
  lines: [
    'Xellar: people sign in with the Login Widget or with init data.',
    'They create wallets, and sign and send what the rules of custody allow.',
    'The preset sets `loginWidget.accept`, so logins with the Login Widget are accepted here and by the native API.',
    'The bot token alone signs such a login.',
    'The same is true for init data if xellar is the only preset, because its bots are added with `signaturePolicy` `optional`.',
    'The thief of the bot token can therefore sign in as any Telegram user.',
    "That session can read and act as the person, but cannot make changes that need the account's level (docs/security.md).",
    'It can use only wallets that such a session created, and no other wallet of the account.',
    'The thief of a session can sign and send with the wallet of its person, within the rules of custody.',
    'Balances need an entry in CHAINS for each chain, with `mayNameAddresses` (docs/chains.md).',
    'Sends also need two nodes and `sending` in this entry.',
    'Without a rule in the file of CUSTODY_RULES no money leaves a wallet.',
    '`npm start` writes this file for the chains of CHAINS.',
    'Elsewhere, add for each chain (docs/embedded-wallets.md): "assets": [{ "chain": "eip155:1", "token": null, "walletPerDay": "<wei>", "allPerHour": "<wei>" }, { "chain": "eip155:1", "token": "*", "walletPerDay": "<units>", "allPerHour": "<units>" }, { "chain": "eip155:1", "token": "*", "kind": "collectible", "walletPerDay": "<number>", "allPerHour": "<number>" }]',
    'Approvals, permits and contract calls that custody cannot decode need the consent of the person.',
    'The clients of Xellar have no way to ask for it, so these acts are refused (`wallet.consent_needed`).',
    'Only `npm start` signs calls that are not decoded without consent ("undecoded": "sign"): it starts custody with --development.',
  ],
};
