import { readUpTo } from '@countersign/admin';
import { InvitationDirectory } from '@countersign/invitations';
import { chooseIfGiven, ifGiven, uuid, type Connected } from '../command';
import { limitOf } from '../limit-option';
import { table } from '../list-output';
import { UsageError } from '../usage';
import { invitationStates } from '../words';

export const list: Connected = async (call, app) => {
  if (call.has('state') && !call.has('team'))
    throw new UsageError('--state goes with --team: there is no index for it alone.');
  const directory = app.get(InvitationDirectory);
  const filter = {
    teamId: ifGiven(call, 'team', uuid),
    state: chooseIfGiven(call, 'state', invitationStates),
  };
  const found = await readUpTo(
    limitOf(call),
    (keyset) => directory.list(filter, keyset),
    ({ id }) => id,
  );
  const json = found.map((invitation) => directory.toResponse(invitation));
  const rows = json.map((one) => [
    one.invitationId,
    one.teamId,
    one.role,
    one.revokeReason === null ? one.state : `${one.state} (${one.revokeReason})`,
    `${one.useCount}/${one.maxUses}`,
    one.inviterId ?? '-',
    one.expiresAt,
  ]);
  const headings = ['invitation', 'team', 'role', 'state', 'uses', 'by', 'expires'];
  return { json, text: rows.length === 0 ? 'None' : table(headings, rows) };
};

export const revoke: Connected = async (call, app) => {
  const invitationId = uuid('invitation', call.positionals[0] ?? '');
  await app.get(InvitationDirectory).revoke(invitationId);
  return { json: { invitationId }, text: `Invitation ${invitationId} is revoked` };
};
