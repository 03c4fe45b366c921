/**
 * Sequences that lead to rare preconditions. A letter is a person on a device, a capital one their other device, `@` the minutes
 * before a step, and `#` the other replica.
 */
export const scripts: readonly string[] = [
  'a sign in, a refresh, a look, a refresh once more @1, a look',
  'a sign in, a refresh, a refresh once more @20, a look',
  'a sign in, a a thief takes a copy, a refresh, a look, a the thief refreshes @1, a look, a refresh',
  'a sign in, a a thief takes a copy, a the thief refreshes, a the thief looks, a refresh @1, a look',
  'a sign in, a look #, a a thief takes a copy, a log out, a the thief looks #, a the thief refreshes, a the thief repeats the proof @1',
  'a sign in, A sign in, a look through the gateway #, a a thief takes a copy, A end the other sessions, a look through the gateway #, a the thief refreshes, a the thief repeats the proof @1, A look',
  'a sign in, a look #, a an operator ends sessions, a look #, a refresh, a repeat the proof, a sign in @1',
  'a sign in, a look #, a an operator deactivates, a look #, a sign in @1, a an operator activates, a sign in',
  'a sign in, a look #, a a replica hears nothing #, a log out, a look #, a all replicas hear',
  'a sign in, a refresh, a look with the token before, a look, a look with the token before @1',
  'a sign in, a look @29, a look @29, a look @31, a refresh, a look @700, a refresh, a look @730',
  'a sign in, a refresh @43000, a refresh @43000, a refresh @43000, a refresh @43000, a sign in',
  'a sign in, a ask for the erasure, a sign in, a erasures are due @10081, a sign in',
  'a sign in, a create a team, b sign in, a invite into a team, b accept an invitation, a a back end sends a score, a ask for the erasure, a erasures are due @10081, a a back end sends a score, b leave a team',
  'a sign in, a ask for the erasure, a sign in to keep the account @60, a look, a erasures are due @10100, a look',
  'a sign in, a ask for the erasure, a the ledger is away @10081, a erasures are due, a sign in to keep the account, a the ledger is back, a erasures are due, a sign in',
  'a sign in, a create a team, a invite into a team, b sign in, b accept an invitation, c sign in, c accept an invitation, a invite into a team, d sign in, d accept an invitation, c accept an invitation, c leave a team',
  'a sign in, a create a team, a invite into a team, b sign in @10081, b accept an invitation',
  'a sign in, a a backup is made, a refresh, a create a team, a a back end sends a score, a the backup is restored @600, a look, a refresh, a sign in',
  'a sign in, a a backup is made, a sign in, a ask for the erasure, a erasures are due @10081, a the backup is restored, a sign in',
  'a sign in, b sign in, a a back end sends a score, a a back end sends a score, b a back end sends a score, a ask to step up, a launch to step up, a ask to join, b launch to join, b accept the join, b look, b sign in, a a back end sends a score',
  'a sign in, a repeat the proof, a repeat the proof @5, a log out, a repeat the proof, a end the other sessions, a repeat the proof',
  'a sign in, a connect a wallet, a list the wallets, a remove a wallet, a connect a wallet, a ask to step up for a wallet, a launch to step up, a link a wallet, a list the wallets, a ask for the erasure, a erasures are due @10081',
  'a sign in, a show the referral code, b sign in by a referral, c sign in by a referral, a connect a wallet, b connect a wallet, a ask to step up, a launch to step up, a ask to join, b launch to join, b accept the join, b sign in, b list the wallets',
  'a sign in, a create a team, a invite into a team, b sign in, b accept an invitation, b read a team, a change a role, a change a role, b read a team #, a remove a member, b read a team, b accept an invitation',
  'a sign in, b sign in, a a back end sends a score, b a back end sends a score, a read the ranks, a an operator closes the season, a a back end sends a score, b read the ranks #',
  'a sign in, a look #, a a back end revokes a token, a look #, a refresh',
];
