import type { Row } from '../api';
import { resource } from '../ui/resource';

const isThere = ({ deletedAt }: Row): boolean => deletedAt === null;

export const teams = resource({
  path: 'teams',
  read: 'readTeam',
  acts: [
    { op: 'changeTeam', when: isThere },
    { op: 'transferTeam', isDanger: true, when: isThere },
    { op: 'deleteTeam', when: isThere },
    { op: 'restoreTeam', when: (team) => !isThere(team) },
  ],
  sections: [
    {
      list: 'listTeamMembers',
      columns: ['userId', 'role', 'joinedAt'],
      acts: [{ op: 'removeTeamMember', when: ({ role }) => role !== 'owner' }],
    },
  ],
});
