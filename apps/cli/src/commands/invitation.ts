import { wordOption, type Declare } from '../command';
import { limitOption } from '../limit-option';
import { invitationStates } from '../words';

const actions = () => import('./invitation.actions.js');

export const declareInvitation: Declare = (program, { connected }) => {
  const group = program.command('invitation').description('invitations to teams');
  group
    .command('list')
    .description('list invitations, newest first, without their tokens and recipients')
    .option('--team <teamId>', 'only those to this team')
    .addOption(wordOption('--state <state>', 'only those in this state; with --team', invitationStates))
    .addOption(limitOption())
    .action(connected(actions, 'list'));
  group
    .command('revoke')
    .description('revoke an invitation; who joined by it stays a member')
    .argument('<invitationId>', 'the invitation')
    .action(connected(actions, 'revoke'));
};
