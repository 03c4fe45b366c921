import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({ invitationId: { format: 'uuid', meaning: 'The invitation' } });

const acts = defineActs({
  'invitation.created': {
    meaning: 'A member of a team made an invitation: `userId` invites to `role`',
    orderedBy: 'teamId',
    fields: ['invitationId', 'teamId', 'applicationId', 'userId', 'role'],
  },
  'invitation.accepted': {
    meaning: 'A person joined a team by an invitation',
    orderedBy: 'teamId',
    fields: ['invitationId', 'teamId', 'applicationId', 'userId', 'role'],
  },
  'invitation.revoked': {
    meaning:
      'An invitation ended early: `revoked` by a member, or `inviter` may no longer invite. Those that expire, are ' +
      'used up or go with their team have no event',
    orderedBy: 'teamId',
    fields: ['invitationId', 'teamId', 'applicationId', 'reason'],
  },
});

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}
