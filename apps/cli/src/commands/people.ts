import { withBot } from '../bot-options';
import { NeededOption, wordOption, type Declare } from '../command';
import { userStatuses } from '../words';

const actions = () => import('./people.actions.js');

export const declarePeople: Declare = (program, { connected }) => {
  const user = program.command('user').description('accounts');
  for (const [name, description] of [
    ['export', 'print everything that is stored about a person, as one JSON document'],
    ['erase', 'close an account now, and erase it after ERASURE_DAYS'],
  ] as const) {
    const command = user
      .command(name)
      .description(description)
      .argument('<userId>', 'the account')
      .addOption(
        new NeededOption('--reason <reason>', 'a word or the number of a request, for the audit trail'),
      );
    if (name === 'erase') command.option('--now', 'erase it at once');
    command.action(connected(actions, `${name}User`));
  }
  user
    .command('set')
    .description('change the state of an account; deactivating ends its sessions')
    .argument('[userId]', 'the account')
    .option('--user <userId>', 'the account, instead of the argument')
    .addOption(wordOption('--status <status>', 'state of the account', userStatuses, NeededOption))
    .action(connected(actions, 'setUser'));
  withBot(
    program
      .command('session')
      .description('sessions')
      .command('revoke')
      .description('end sessions: by one of --user, --session, --bot and --rapidpace-of')
      .option('--user <userId>', 'all of this account')
      .option('--session <sessionId>', 'this one')
      .option(
        '--rapidpace-of <applicationId>',
        'those that began with a Rapidpace proof of this application; with --since',
      )
      .option('--since <instant>', 'only those that began at this instant or later'),
    'those that rest on the token of this bot alone; with --since',
  ).action(connected(actions, 'revokeSessions'));
};
