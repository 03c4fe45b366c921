import { withBot } from '../bot-options';
import { NeededOption, type Declare } from '../command';

const actions = () => import('./referral.actions.js');

export const declareReferral: Declare = (program, { connected }) => {
  const group = program.command('referral').description('referrals');
  withBot(
    group
      .command('list-bound')
      .description(
        'list referrals by sign-ins that rest on a leaked token or secret: by --bot or --rapidpace-of',
      )
      .option('--rapidpace-of <applicationId>', 'sign-ins by Rapidpace proofs of this application')
      .addOption(new NeededOption('--since <instant>', 'bound at this instant or later')),
    'sign-ins that rest on the token of this bot alone',
  ).action(connected(actions, 'listBound'));
  group
    .command('remove')
    .description('remove referrals: their people no longer count for those above')
    .argument('<referralId...>', 'the referrals, as list-bound names them')
    .action(connected(actions, 'remove'));
};
