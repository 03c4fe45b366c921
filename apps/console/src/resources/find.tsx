import { FindPerson } from '../pages/find';
import { texts } from '../texts';
import { page } from '../ui/resource';

/** The first page. */
export const find = page(
  '',
  texts.find.page,
  [
    { title: texts.find.title, scope: 'users:lookup', body: () => <FindPerson /> },
    { list: 'listUsers', columns: ['userId', 'status', 'createdAt', 'lastSeenOn', 'providers'] },
  ],
  null,
);
