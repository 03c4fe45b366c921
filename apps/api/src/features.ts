/**
 * The libs that register words: audit actions, events, scopes, doors, settings and errors. Importing this file
 * loads all of them, without an application.
 */
import '@countersign/account';
import '@countersign/admin';
import '@countersign/applications';
import '@countersign/audit';
import '@countersign/auth';
import '@countersign/chains';
import '@countersign/console';
import '@countersign/custody-client';
import '@countersign/database';
import '@countersign/embedded-wallets';
import '@countersign/events';
import '@countersign/idempotency';
import '@countersign/imports';
import '@countersign/invitations';
import '@countersign/issuer';
import '@countersign/jobs';
import '@countersign/keys';
import '@countersign/leaderboards';
import '@countersign/linked-wallets';
import '@countersign/listings';
import '@countersign/metapro';
import '@countersign/profiles';
import '@countersign/referrals';
import '@countersign/sending';
import '@countersign/sessions';
import '@countersign/teams';
import '@countersign/users';
import '@countersign/wallet-reading';
import '@countersign/xellar';
import '@countersign/webhooks';
