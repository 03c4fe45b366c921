import { providers } from './bots/bot';

/** The platforms of wallets. Their proofs are signed by a key of the person, and by no bot. */
export const walletProviders = ['ethereum', 'ton'] as const;
export type WalletProvider = (typeof walletProviders)[number];

/** The platforms that identities are of. */
export const identityProviders = [...providers, ...walletProviders] as const;
export type IdentityProvider = (typeof identityProviders)[number];
