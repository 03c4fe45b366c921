import { limitOption } from '../limit-option';
import { NeededOption, repeatedOption, wordOption, type Declare } from '../command';
import { trusts } from '../words';

const actions = () => import('./application.actions.js');

export const declareApplication: Declare = (program, { connected }) => {
  const group = program.command('application').description('applications that people sign in to');
  group
    .command('create')
    .description('make an application; its client secret is shown once')
    .addOption(new NeededOption('--name <name>', 'name for people'))
    .addOption(
      wordOption('--trust <trust>', 'whether it belongs to the operator', trusts).default('first-party'),
    )
    .addOption(
      repeatedOption('--origin <origin>', 'web origin that may call, such as https://game.example.com'),
    )
    .action(connected(actions, 'create'));
  group
    .command('list')
    .description('list applications, newest first')
    .addOption(wordOption('--trust <trust>', 'only those with this trust', trusts))
    .addOption(limitOption())
    .action(connected(actions, 'list'));
  const ofOne = (name: string, description: string) =>
    group
      .command(name)
      .description(description)
      .argument('[applicationId]', 'the application')
      .option('--application <applicationId>', 'the application, instead of the argument');
  ofOne('show', 'show an application with its settings').action(connected(actions, 'show'));
  ofOne('set', 'change the name, or settings by a JSON merge patch (docs/settings.md)')
    .option('--name <name>', 'another name for people')
    .option('--settings-stdin', 'read the merge patch from standard input')
    .action(connected(actions, 'set'));
  ofOne('add-secret', 'add a client secret; it is shown once')
    .addOption(new NeededOption('--name <name>', 'what it is for'))
    .action(connected(actions, 'addSecret'));
  ofOne('list-secrets', 'list the client secrets, by id and name').action(connected(actions, 'listSecrets'));
  ofOne('remove-secret', 'remove a client secret')
    .addOption(new NeededOption('--secret <secretId>', 'the secret, as list-secrets names it'))
    .action(connected(actions, 'removeSecret'));
};
