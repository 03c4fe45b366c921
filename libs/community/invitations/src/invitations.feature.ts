import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({ invitationId: { format: 'uuid', meaning: 'The invitation' } });

const fields = ['invitationId', 'teamId', 'applicationId', 'userId', 'role'] as const;
const about = { orderedBy: 'teamId', fields } as const;

const acts = defineActs({
  'invitation.created': { ...about, meaning: 'A member of a team made an invitation: `userId` to `role`' },
  'invitation.accepted': { ...about, meaning: 'A person joined a team by an invitation' },
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
