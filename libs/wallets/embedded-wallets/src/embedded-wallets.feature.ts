import { SettingsGroup } from '@countersign/applications';
import { defineEvents } from '@countersign/audit';
import { EmbeddedWalletSettings } from './embedded-wallets.settings';
import { userFields } from '@countersign/users';
import { walletFields } from '@countersign/linked-wallets';
import { openweb3Preset } from '@countersign/auth';

const { userId } = userFields;
const { walletId } = walletFields;

const about = { version: 1, orderedBy: 'userId', fields: { userId, walletId } } as const;

export const embeddedWalletEvents = defineEvents({
  exportRequested: {
    name: 'wallet.export_requested',
    isAudited: false,
    ...about,
    meaning:
      'A session asked for the words of an embedded wallet. The consent bot asks the person; between consent and words is a delay, in which a freeze ends it. Tell the person',
  },
  exported: {
    name: 'wallet.exported',
    isAudited: false,
    ...about,
    meaning:
      'The words of an embedded wallet were shown: who has them can use it without this service. Tell the person',
  },
  frozen: {
    name: 'wallet.frozen',
    ...about,
    meaning:
      'An embedded wallet was frozen by the API, for its person or an operator: custody signs nothing for it. A freeze at the consent bot or at custody, and the end of one, has no event: read GET /v1/wallets/{walletId}/embedded',
  },
  usedElsewhere: {
    name: 'wallet.used_elsewhere',
    isAudited: false,
    ...about,
    meaning:
      'A chain has a transaction of an embedded wallet that this service did not send: who has its words or key sent it, or the application itself one that was only signed',
  },
  wayOutAsked: {
    name: 'wallet.way_out_asked',
    isAudited: false,
    ...about,
    meaning:
      'The way out of an embedded wallet asked for all that it has. For a week its person can stop that at the consent bot. Tell the person',
  },
  wayOutNamed: {
    name: 'wallet.way_out_named',
    isAudited: false,
    ...about,
    meaning:
      'A person accepted another wallet as the way out of an embedded wallet. It waits for 72 hours, in which a session or the person at the consent bot can stop it: GET /v1/wallets/{walletId}/embedded has its address. Tell the person',
  },
  actAllowed: 'wallet.act_allowed',
  brakeApplied: 'wallet.brake_applied',
});

export const embeddedWalletSettings = new SettingsGroup('embeddedWallets', EmbeddedWalletSettings, {
  [openweb3Preset.name]: { enabled: true },
});
