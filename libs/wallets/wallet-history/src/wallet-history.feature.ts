import { defineScopes } from '@countersign/admin';
import { defineAuditActions } from '@countersign/audit';
import type { NamesOf } from '@countersign/text';

const auditActions = defineAuditActions(['chain.reset']);

const scopes = defineScopes({
  'chains:write': 'Have a chain read again from a block on',
});

declare module '@countersign/admin' {
  interface Scopes extends NamesOf<typeof scopes> {}
}

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}
