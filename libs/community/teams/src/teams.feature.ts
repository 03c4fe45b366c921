import { IsBoolean } from 'class-validator';
import { defineScopes } from '@countersign/admin';
import { SettingsGroup } from '@countersign/applications';
import { defineEvents, type EventFields, commonFields } from '@countersign/audit';
import { userFields } from '@countersign/users';

export const teamFields = {
  teamId: { format: 'uuid', meaning: 'The team' },
  role: { format: 'text', meaning: 'The role in the team' },
} as const satisfies EventFields;

const { teamId, role } = teamFields;
const { applicationId, reason } = commonFields;
const { userId } = userFields;

const ofTeam = { orderedBy: 'teamId', fields: { teamId, applicationId } } as const;
const ofPerson = { orderedBy: 'teamId', fields: { ...ofTeam.fields, userId } } as const;
const ofMember = { orderedBy: 'teamId', fields: { ...ofPerson.fields, role } } as const;

export const teamEvents = defineEvents({
  created: { name: 'team.created', ...ofPerson, meaning: 'A person created a team, and owns it' },
  changed: {
    name: 'team.changed',
    ...ofTeam,
    meaning: 'The name, description, an image or a link of a team was changed',
  },
  ownershipTransferred: {
    name: 'team.ownership_transferred',
    ...ofPerson,
    meaning: 'A team has another owner: `userId`',
  },
  deleted: {
    name: 'team.deleted',
    ...ofTeam,
    meaning: 'A team is gone, and so are its memberships and invitations, without an event for each of them',
  },
  memberJoined: { name: 'team_member.joined', ...ofMember, meaning: 'A person became a member of a team' },
  memberLeft: {
    name: 'team_member.left',
    meaning: 'A person is no longer a member: `left`, `removed`, `merged` into a member, or `erased`',
    orderedBy: 'teamId',
    fields: { ...ofPerson.fields, reason },
  },
  memberRoleChanged: {
    name: 'team_member.role_changed',
    ...ofMember,
    meaning: 'A member of a team has another role',
  },
});

export const teamScopes = defineScopes({
  teamsRead: ['teams:read', 'List and read teams and their members'],
  teamsWrite: ['teams:write', 'Change, transfer and delete teams, and remove members'],
});

class TeamsSettings {
  /** Whether people can create and join teams. Existing teams stay. */
  @IsBoolean()
  accept = true;
}

export const teamSettings = new SettingsGroup('teams', TeamsSettings);
