import { lostMembers } from '../foresights';
import { resource } from '../ui/resource';

export const teams = resource({
  path: 'teams',
  read: 'readTeam',
  acts: [
    { op: 'changeTeam' },
    { op: 'transferTeam', isDanger: true },
    { op: 'deleteTeam', foresight: lostMembers },
  ],
  sections: [
    {
      list: 'listTeamMembers',
      columns: ['userId', 'role', 'joinedAt'],
      acts: [{ op: 'removeTeamMember', when: ({ role }) => role !== 'owner' }],
    },
  ],
});
