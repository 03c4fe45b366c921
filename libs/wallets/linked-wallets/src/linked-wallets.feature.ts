import { defineScopes } from '@countersign/admin';
import { SettingsGroup, applicationFields } from '@countersign/applications';
import { defineEvents, type EventFields } from '@countersign/audit';
import { defineLoginMethods } from '@countersign/sessions';
import { walletProviders } from './store/wallet.entity';
import { IsBoolean } from 'class-validator';
import { userFields } from '@countersign/users';

class WalletsSettings {
  /** Whether people prove wallets, with `metapro.enabled` also by Metapro’s message. Linked wallets stay. */
  @IsBoolean()
  accept = true;

  /** Whether the sign-in of an unknown wallet creates an account. */
  @IsBoolean()
  createsAccounts = false;
}

export const walletFields = {
  walletId: { format: 'uuid', meaning: 'The wallet' },
  canSignIn: {
    format: 'boolean',
    meaning: 'Whether the wallet signs in; `false` for one that is only shown',
  },
} as const satisfies EventFields;

const { userId, identityId } = userFields;
const { walletId, canSignIn } = walletFields;
const { provider, environment } = applicationFields;

const about = {
  version: 1,
  orderedBy: 'userId',
  fields: { userId, walletId, identityId, provider, environment, canSignIn },
} as const;

/** A connected or embedded wallet has no identity. */
const optional = ['identityId'] as const;

export const walletEvents = defineEvents({
  created: { name: 'wallet.created', ...about, optional, meaning: 'A person created an embedded wallet' },
  linked: {
    name: 'wallet.linked',
    ...about,
    optional,
    meaning:
      'A wallet came to an account: connected to be shown (`canSignIn` is `false`), linked by its person, by the sign-in that founded the account, or with an identity that was detached. Tell the person',
  },
  unlinked: {
    name: 'wallet.unlinked',
    ...about,
    optional,
    meaning:
      'A wallet was unlinked from an account that stays, with its identity, or with an identity that was detached; or a connected one was disconnected, by its person, by an operator, or since another account signs in with it',
  },
  changed: {
    name: 'wallet.changed',
    ...about,
    optional,
    meaning:
      'A person made a wallet the primary one, or named it; or a connected wallet was connected in another application or by another account; or a wallet of TON signed in by another key than it was linked with. Tell the person',
  },
});

export const walletScopes = defineScopes({
  walletsRead: [
    'wallets:read',
    'List and read wallets and sends, without addresses, names and amounts, and the state of custody',
  ],
  walletsWrite: ['wallets:write', 'Unlink wallets, and freeze and stop embedded ones'],
});

export const walletIdentityProviders = walletProviders.map((name) => ({
  name,
  // A TON proof is only as reliable as the endpoints that name its key.
  isWeak: true,
  merge:
    'If that account is yours too, merge it into this one: POST /v1/me/merges, with an answer of the wallet to a challenge for `merge`.',
}));

export const walletMethods = defineLoginMethods({ wallet: 'wallet' });

export const walletSettings = new SettingsGroup('wallets', WalletsSettings);
