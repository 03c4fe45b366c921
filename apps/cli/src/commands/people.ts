import { withPlace } from '../bot-options';
import { NeededOption, wordOption, type Declare } from '../command';
import { userStatuses } from '../words';

const actions = () => import('./people.actions.js');

export const declarePeople: Declare = (program, { connected }) => {
  program
    .command('user')
    .description('accounts')
    .command('set')
    .description('change the state of an account; deactivating ends its sessions')
    .argument('[userId]', 'the account')
    .option('--user <userId>', 'the account, instead of the argument')
    .addOption(wordOption('--status <status>', 'state of the account', userStatuses, NeededOption))
    .action(connected(actions, 'setUser'));
  withPlace(
    program
      .command('session')
      .description('sessions')
      .command('revoke')
      .description('end sessions: by one of --user, --session, --bot and --rapidpace-of')
      .option('--user <userId>', 'all of this account')
      .option('--session <sessionId>', 'this one')
      .option('--bot <botId>', 'those that rest on the token of this bot alone; with --since')
      .option(
        '--rapidpace-of <applicationId>',
        'those that began with a Rapidpace proof of this application; with --since',
      )
      .option('--since <instant>', 'only those that began at this instant or later'),
  ).action(connected(actions, 'revokeSessions'));
};
