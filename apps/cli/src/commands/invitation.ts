import { chooseIfGiven, ifGiven, uuid } from '../call';
import { command, group, oneOf, readUpTo } from '../declaration';
import { UsageError } from '../errors';
import { limit } from '../options';
import { invitationStates } from '../words';

export const invitation = group('invitation', 'invitations to teams', {
  list: command('list invitations, newest first, without their tokens', {
    '--team <teamId>': 'only those to this team',
    '--state <state>': oneOf(invitationStates, 'only those in this state; with --team'),
    ...limit,
  }).list({
    read: async (call, app, { invitations }) => {
      if (call.has('state') && !call.has('team'))
        throw new UsageError('--state goes with --team: there is no index for it alone.');
      const directory = app.get(invitations.InvitationDirectory);
      const filter = {
        teamId: ifGiven(call, 'team', uuid),
        state: chooseIfGiven(call, 'state', invitationStates),
      };
      const found = await readUpTo(call, (keyset) => directory.list(filter, keyset), 'id');
      return found.map((one) => directory.toResponse(one));
    },
    columns: {
      invitation: 'invitationId',
      team: 'teamId',
      role: 'role',
      state: ({ state, revokeReason }) => (revokeReason === null ? state : `${state} (${revokeReason})`),
      uses: ({ useCount, maxUses }) => `${useCount}/${maxUses}`,
      by: 'inviterId',
      expires: 'expiresAt',
    },
    none: 'None',
  }),
  revoke: command('revoke an invitation; who joined by it stays a member', {
    '<invitationId>': 'the invitation',
  }).act(async (call, app, { invitations }) => {
    const invitationId = uuid('invitation', call.argument);
    await app.get(invitations.InvitationDirectory).revoke(invitationId);
    return { json: { invitationId }, text: `Invitation ${invitationId} is revoked` };
  }),
});
