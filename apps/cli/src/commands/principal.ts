import type { Command } from 'commander';
import { NeededOption, repeatedOption, wordOption, type Declare } from '../command';
import { limitOption } from '../limit-option';
import { principalKinds, principalStatuses } from '../words';

const actions = () => import('./principal.actions.js');

export const declarePrincipal: Declare = (program, { connected }) => {
  const group = program
    .command('principal')
    .description('people and machines that call the administration API');
  withScopes(
    group
      .command('create')
      .description('make a principal; its first secret is shown once')
      .addOption(new NeededOption('--name <name>', 'a name for operators, unique'))
      .addOption(wordOption('--kind <kind>', 'whether it is a person', principalKinds).default('person')),
  )
    .option('--all-scopes', 'let it do everything')
    .action(connected(actions, 'create'));
  group
    .command('list')
    .description('list principals, newest first')
    .addOption(limitOption())
    .action(connected(actions, 'list'));
  const ofOne = (name: string, description: string): Command =>
    group.command(name).description(description).argument('<principalId>', 'the principal');
  ofOne('show', 'show a principal').action(connected(actions, 'show'));
  withScopes(ofOne('set', 'change a principal; the scopes that are passed replace those that it has'))
    .option('--name <name>', 'a name for operators, unique')
    .addOption(wordOption('--status <status>', 'a disabled one gets no tokens', principalStatuses))
    .action(connected(actions, 'set'));
  ofOne('remove', 'remove a principal, with its secrets and tokens').action(connected(actions, 'remove'));
  ofOne('add-secret', 'add a secret; it is shown once')
    .addOption(new NeededOption('--name <name>', 'what it is for'))
    .option('--expires <instant>', 'when it expires; never when this is absent')
    .option('--one-time', 'its first use removes it')
    .action(connected(actions, 'addSecret'));
  ofOne('list-secrets', 'list the secrets of a principal, by id and name').action(
    connected(actions, 'listSecrets'),
  );
  ofOne('remove-secret', 'remove a secret, with the tokens that it was used for')
    .addOption(new NeededOption('--secret <secretId>', 'the secret, as list-secrets names it'))
    .action(connected(actions, 'removeSecret'));
};

function withScopes(command: Command): Command {
  return command.addOption(
    repeatedOption('--scope <scope>', 'what it may do, such as users:read (docs/administration.md)'),
  );
}
