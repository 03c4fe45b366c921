import { IsBoolean } from 'class-validator';
import { defineSettings } from '@countersign/applications';
import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({
  invitationId: { format: 'uuid', meaning: 'The invitation' },
});

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

/** Invitations to teams of the application. */
class InvitationsSettings {
  /**
   * Whether a sign-in accepts the invitation that its signed start parameter carries, to roles below `admin`. Otherwise it
   * is only offered.
   */
  @IsBoolean()
  acceptAtSignIn = false;
}

const settings = defineSettings('invitations', InvitationsSettings);

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof settings> {}
}
