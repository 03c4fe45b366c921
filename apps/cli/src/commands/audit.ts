import { limitOption } from '../limit-option';
import type { Command } from 'commander';
import type { Declare } from '../command';

const actions = () => import('./audit.actions.js');

export const declareAudit: Declare = (program, { connected }) => {
  const group = program.command('audit').description('the audit trail');
  withRange(group.command('list').description('list records, newest first'))
    .option('--action <action>', 'only this action, such as principal.created')
    .option('--actor <actor>', 'only what this actor did, as records name it')
    .option('--subject <subject>', 'only what was done to this subject, as records name it')
    .option('--user <userId>', 'only records of this person')
    .option('--application <applicationId>', 'only records of this application')
    .addOption(limitOption())
    .action(connected(actions, 'list'));
  group
    .command('request')
    .description('tell why a request was refused: those of the last 3 days')
    .argument('<requestId>', 'the id of the request, as in X-Request-Id')
    .action(connected(actions, 'explainRequest'));
  withRange(
    group
      .command('export')
      .description('print all records, oldest first, one JSON object per line, with --json and without'),
  ).action(connected(actions, 'exportAll'));
};

function withRange(command: Command): Command {
  return command
    .option('--from <instant>', 'only records at this instant or later')
    .option('--before <instant>', 'only records before this instant');
}
