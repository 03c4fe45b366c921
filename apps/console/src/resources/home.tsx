import { FindPerson } from '../pages/find';
import { Health, Plots } from '../pages/home';
import { texts } from '../texts';
import { page } from '../ui/resource';

const { find, home } = texts;

export const homePage = page(
  '',
  home.title,
  [
    { title: find.title, scope: 'users:lookup', body: () => <FindPerson /> },
    { title: home.plots.signIns, scope: 'counters:read', body: () => <Plots /> },
    { title: home.health, scope: null, body: () => <Health /> },
  ],
  null,
);
