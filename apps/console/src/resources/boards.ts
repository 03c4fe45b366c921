import { resource } from '../ui/resource';

export const boards = resource({
  path: 'boards',
  list: 'listBoards',
  read: 'readBoard',
  columns: ['name', 'applicationId', 'rule', 'better', 'calendar', 'createdAt'],
  acts: [{ op: 'createBoard' }, { op: 'changeBoard' }],
  sections: [
    {
      list: 'listBoardSeasons',
      columns: ['number', 'startsAt', 'endsAt', 'closedAt'],
      acts: [{ op: 'closeSeason', isDanger: true, when: ({ closedAt }) => closedAt === null }],
    },
  ],
});
