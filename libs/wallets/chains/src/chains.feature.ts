import { defineScopes } from '@countersign/admin';
import type { NamesOf } from '@countersign/text';

const scopes = defineScopes({
  'chains:read': 'Read the configured chains, and ask their nodes for their latest block',
});

declare module '@countersign/admin' {
  interface Scopes extends NamesOf<typeof scopes> {}
}
