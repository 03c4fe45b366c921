import { withBot } from '../bot-options';
import { wordOption, type Declare } from '../command';
import { limitOption } from '../limit-option';
import { accountLevels, identityProviders, revealApprovals, switches } from '../words';

const actions = () => import('./identity.actions.js');

export const declareIdentity: Declare = (program, { connected }) => {
  const installation = program.command('installation').description('settings of the whole installation');
  installation
    .command('show')
    .description('show the settings of the installation')
    .action(connected(actions, 'showInstallation'));
  installation
    .command('set')
    .description('change settings of the installation')
    .addOption(
      wordOption(
        '--account-level <level>',
        'assurance from which on a session may change its account',
        accountLevels,
      ),
    )
    .addOption(wordOption('--username-lookup <on|off>', 'find accounts by usernames at platforms', switches))
    .addOption(wordOption('--phone-lookup <on|off>', 'find accounts by phone numbers', switches))
    .addOption(
      wordOption(
        '--reveal-approval <who>',
        'who approves before an operator reads personal fields',
        revealApprovals,
      ),
    )
    .addOption(
      wordOption(
        '--export-approval <who>',
        'who approves before an operator exports an account',
        revealApprovals,
      ),
    )
    .option('--separation-days <days>', 'days for which merges and links can be separated, 1 to 30')
    .action(connected(actions, 'setInstallation'));

  const identity = program.command('identity').description('identities of accounts at platforms');
  withBot(
    identity
      .command('list')
      .description(
        'list identities, newest first; with --attached-since those that were linked, oldest first',
      )
      .option('--attached-since <instant>', 'only those linked at this instant or later, all of them')
      .option('--user <userId>', 'only those of this account')
      .addOption(wordOption('--platform <provider>', 'only those at this platform', identityProviders))
      .addOption(limitOption()),
    'only those that a proof of this bot linked',
  ).action(connected(actions, 'list'));
  identity
    .command('show')
    .description('show an identity, without personal fields')
    .argument('<identityId>', 'the identity')
    .action(connected(actions, 'show'));
  for (const [name, description] of [
    ['detach', 'give an identity an account of its own, or separate the merge by which it came'],
    ['confirm', 'let an identity stay: it is listed no more'],
  ] as const)
    identity
      .command(name)
      .description(description)
      .argument('<identityId>', 'the identity, as list names it')
      .action(connected(actions, name));
};
