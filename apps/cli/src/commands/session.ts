import { withBot } from '../bot-options';
import { wordOption, type Declare } from '../command';
import { limitOption } from '../limit-option';
import { sessionStates } from '../words';

const actions = () => import('./session.actions.js');

export const declareSession: Declare = (program, { connected }) => {
  const group = program.command('session').description('sessions');
  group
    .command('list')
    .description('list sessions, newest first')
    .addOption(limitOption())
    .option('--user <userId>', 'those of this account')
    .option('--application <applicationId>', 'those for this application; with --user')
    .addOption(wordOption('--state <state>', 'whether they still live; with --user', sessionStates))
    .action(connected(actions, 'list'));
  group
    .command('show')
    .description('show a session')
    .argument('<sessionId>', 'the session')
    .action(connected(actions, 'show'));
  withBot(
    group
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
  ).action(connected(actions, 'revoke'));
};
