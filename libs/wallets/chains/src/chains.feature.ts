import { defineScopes } from '@countersign/admin';

export const chainScopes = defineScopes({
  chainsRead: ['chains:read', 'Read the configured chains, and ask their nodes for their latest block'],
});
