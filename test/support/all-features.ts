/** The error codes of all features: tables of specs are made of them before the service starts. */
import '@countersign/chains';
import '@countersign/console';
import '@countersign/embedded-wallets';
import '@countersign/imports';
import '@countersign/teams';
import '@countersign/leaderboards';
import '@countersign/linked-wallets';
import '@countersign/partner-apis';
import '@countersign/account';
import '@countersign/referrals';
import '@countersign/wallet-reading';
import '@countersign/webhooks';
