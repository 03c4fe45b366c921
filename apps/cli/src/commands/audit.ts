import { limitOption } from '../limit-option';
import type { Command } from 'commander';
import type { Declare } from '../command';

const actions = () => import('./audit.actions.js');
const sealActions = () => import('./audit-seals.actions.js');

export const declareAudit: Declare = (program, { plain, connected }) => {
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
      .description('print all records, oldest first, one JSON object per line, with --json and without')
      .option('--proofs', 'with codes, blocks and lists of records: what audit verify --from-file reads'),
  ).action(connected(actions, 'exportAll'));
  const verifyFile = plain(async (call) => (await sealActions()).verifyFile(call));
  const verifyDatabase = connected(sealActions, 'verify');
  group
    .command('verify')
    .description('check records and blocks, and name the first that is wrong; exit code 3 when there is one')
    .option('--from-file <file>', 'an export with --proofs instead of the database; needs --public-key')
    .option('--public-key <file>', 'trust these keys alone (PEM), instead of what the key ring opens')
    .option('--anchors <file>', 'blocks as they were announced: lines of standard output, or of audit blocks')
    .action((...given: unknown[]) =>
      (given.at(-1) as Command).getOptionValue('fromFile') === undefined
        ? verifyDatabase(...given)
        : verifyFile(...given),
    );
  group
    .command('blocks')
    .description('list the blocks that seal the trail, newest first')
    .addOption(limitOption())
    .action(connected(sealActions, 'blocks'));
  group
    .command('public-key')
    .description('print the public key that blocks are signed for, in PEM')
    .action(connected(sealActions, 'publicKey'));
  group
    .command('rotate-key')
    .description('replace the key that signs blocks, by a block that the old one signs')
    .option('--lost', 'the old key is lost: the new one introduces itself, and has to be given to verifiers')
    .action(connected(sealActions, 'rotateKey'));
};

function withRange(command: Command): Command {
  return command
    .option('--from <instant>', 'only records at this instant or later')
    .option('--before <instant>', 'only records before this instant');
}
