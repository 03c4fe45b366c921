/** The words of all features, which the service registers when it loads those in use: tables of specs are made of them before it starts. */
import '@countersign/chains';
import '@countersign/console';
import '@countersign/embedded-wallets';
import '@countersign/embedded-wallets';
import '@countersign/imports';
import '@countersign/invitations';
import '@countersign/leaderboards';
import '@countersign/linked-wallets';
import '@countersign/listings';
import '@countersign/metapro';
import '@countersign/profiles';
import '@countersign/referrals';
import '@countersign/sending';
import '@countersign/teams';
import '@countersign/wallet-reading';
import '@countersign/webhooks';
import '@countersign/xellar';
