import { defineEvents, commonFields } from '@countersign/audit';
import { teamFields } from '../teams.feature';
import { userFields } from '@countersign/users';

const { teamId, role } = teamFields;
const { userId } = userFields;
const { applicationId, reason } = commonFields;

const invitationId = { format: 'uuid', meaning: 'The invitation' } as const;

const about = {
  orderedBy: 'teamId',
  fields: { invitationId, teamId, applicationId, userId, role },
} as const;

export const invitationEvents = defineEvents({
  created: {
    name: 'invitation.created',
    ...about,
    meaning: 'A member of a team made an invitation: `userId` to `role`',
  },
  accepted: { name: 'invitation.accepted', ...about, meaning: 'A person joined a team by an invitation' },
  revoked: {
    name: 'invitation.revoked',
    meaning:
      'An invitation ended early: `revoked` by a member, or `inviter` may no longer invite. Those that expire, are ' +
      'used up or go with their team have no event',
    orderedBy: 'teamId',
    fields: { invitationId, teamId, applicationId, reason },
  },
});
