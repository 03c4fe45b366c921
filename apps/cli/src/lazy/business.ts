/** What commands use of the business. It is loaded when a command runs: help would take seconds. */
// For its settings: the CLI refuses those that no loaded lib declares.
import '@countersign/metapro';
import '@countersign/sending';
import '@countersign/xellar';

export * as account from '@countersign/account';
export * as admin from '@countersign/admin';
export * as applications from '@countersign/applications';
export * as audit from '@countersign/audit';
export * as chains from '@countersign/chains';
export * as config from '@countersign/config';
export * as embeddedWallets from '@countersign/embedded-wallets';
export * as custody from '@countersign/custody-client';
export * as errors from '@countersign/errors';
export * as http from '@countersign/http';
export * as imports from '@countersign/imports';
export * as invitations from '@countersign/invitations';
export * as issuer from '@countersign/issuer';
export * as keyRotation from '@countersign/keys';
export * as listings from '@countersign/listings';
export * as leaderboards from '@countersign/leaderboards';
export * as referrals from '@countersign/referrals';
export * as sending from '@countersign/sending';
export * as sessions from '@countersign/sessions';
export * as teams from '@countersign/teams';
export * as users from '@countersign/users';
export * as wallets from '@countersign/linked-wallets';
export * as webhooks from '@countersign/webhooks';
