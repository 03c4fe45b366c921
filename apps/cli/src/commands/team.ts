import type { Command } from 'commander';
import { withBot } from '../bot-options';
import { NeededOption, repeatedOption, wordOption, type Declare } from '../command';
import { limitOption } from '../limit-option';
import { clearedTeamFields, teamStates } from '../words';

const actions = () => import('./team.actions.js');

export const declareTeam: Declare = (program, { connected }) => {
  const group = program.command('team').description('teams of people in applications');
  group
    .command('list')
    .description('list teams, newest first; with --name in the order of names, with --user with the roles')
    .option('--application <applicationId>', 'only those of this application')
    .option('--name <name>', 'only those whose names begin so; with --application')
    .option('--owner <userId>', 'only those that this account owns')
    .option('--member <userId>', 'only those that this account is a member of')
    .addOption(wordOption('--state <state>', 'only those in this state', teamStates))
    .option('--user <userId>', 'the teams of this account in all applications, with its roles')
    .addOption(limitOption())
    .action(connected(actions, 'list'));
  withBot(
    group
      .command('list-changed')
      .description(
        'list teams in which sessions acted that rest on a leaked token or secret: by --bot or --rapidpace-of',
      )
      .option('--rapidpace-of <applicationId>', 'sessions by Rapidpace proofs of this application')
      .addOption(new NeededOption('--since <instant>', 'acts at this instant or later')),
    'sessions that rest on the token of this bot alone',
  ).action(connected(actions, 'listChanged'));
  const ofOne = (name: string, description: string): Command =>
    group.command(name).description(description).argument('<teamId>', 'the team');
  ofOne('show', 'show a team').action(connected(actions, 'show'));
  ofOne('members', 'list the members of a team, the newest account first')
    .addOption(limitOption())
    .action(connected(actions, 'members'));
  ofOne('history', 'list what happened in a team in the last year, newest first')
    .addOption(limitOption())
    .action(connected(actions, 'history'));
  ofOne('set', 'change the name, the texts and the links of a team')
    .option('--name <name>', 'another name')
    .option('--description <text>', 'another description')
    .option('--logo <url>', 'another logo')
    .option('--banner <url>', 'another banner')
    .option('--website <url>', 'another website')
    .addOption(repeatedOption('--link <url>', 'pages of the team elsewhere, instead of those that it has'))
    .addOption(repeatedOption('--clear <field>', `remove a field, one of ${clearedTeamFields.join(', ')}`))
    .action(connected(actions, 'set'));
  ofOne('transfer', 'make a member the owner of a team; the owner before becomes an admin')
    .addOption(new NeededOption('--to <userId>', 'the member'))
    .addOption(
      new NeededOption('--reason <reason>', 'a word or the number of a request, for the audit trail'),
    )
    .action(connected(actions, 'transfer'));
  ofOne('delete', 'delete a team; it can be restored for seven days').action(connected(actions, 'remove'));
  ofOne('restore', 'restore a deleted team').action(connected(actions, 'restore'));
  ofOne('revert', 'give a team the owner, the roles and the invitations that it had at an instant')
    .addOption(new NeededOption('--to <instant>', 'what happened then or later is undone'))
    .addOption(
      new NeededOption('--reason <reason>', 'a word or the number of a request, for the audit trail'),
    )
    .action(connected(actions, 'revert'));
  ofOne('remove-member', 'remove a member from a team')
    .addOption(new NeededOption('--user <userId>', 'the member'))
    .action(connected(actions, 'removeMember'));
};
