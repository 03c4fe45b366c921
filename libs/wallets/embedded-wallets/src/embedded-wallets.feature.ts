import { defineSettings } from '@countersign/applications';
import { defineAuditActions } from '@countersign/audit';
import type { Declared, NamesOf } from '@countersign/text';
import { EmbeddedWalletSettings } from './embedded-wallets.settings';

const auditActions = defineAuditActions(['wallet.act_allowed', 'wallet.granted']);

const settings = defineSettings('embeddedWallets', EmbeddedWalletSettings);

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof settings> {}
}

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}
