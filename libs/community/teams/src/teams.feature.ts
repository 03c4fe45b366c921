import { IsBoolean } from 'class-validator';
import { defineScopes } from '@countersign/admin';
import { defineSettings } from '@countersign/applications';
import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({
  teamId: { format: 'uuid', meaning: 'The team' },
  role: { format: 'text', meaning: 'The role in the team' },
});

const acts = defineActs({
  'team.created': {
    meaning: 'A person created a team, and owns it',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId', 'userId'],
  },
  'team.changed': {
    meaning: 'The name, the description, an image or a link of a team was changed',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId'],
  },
  'team.ownership_transferred': {
    meaning: 'A team has another owner: `userId`',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId', 'userId'],
  },
  'team.deleted': {
    meaning: 'A team is gone, and so are its memberships and invitations, without an event for each of them',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId'],
  },
  'team_member.joined': {
    meaning: 'A person became a member of a team',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId', 'userId', 'role'],
  },
  'team_member.left': {
    meaning: 'A person is no longer a member: `left`, `removed`, `merged` into a member, or `erased`',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId', 'userId', 'reason'],
  },
  'team_member.role_changed': {
    meaning: 'A member of a team has another role',
    orderedBy: 'teamId',
    fields: ['teamId', 'applicationId', 'userId', 'role'],
  },
});

const scopes = defineScopes({
  'teams:read': 'List and read teams and their members',
  'teams:write': 'Change, transfer and delete teams, and remove members',
});

/** Teams of people in the application. */
class TeamsSettings {
  /** Whether people can create teams and join them. Teams that exist stay. */
  @IsBoolean()
  accept = true;
}

const settings = defineSettings('teams', TeamsSettings);

declare module '@countersign/admin' {
  interface Scopes extends NamesOf<typeof scopes> {}
}

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}

declare module '@countersign/applications' {
  interface SettingsGroups extends Declared<typeof settings> {}
}
