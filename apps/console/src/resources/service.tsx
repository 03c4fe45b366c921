import { Health } from '../pages/home';
import { texts } from '../texts';
import { page } from '../ui/resource';

export const servicePage = page('service', texts.service, [
  { title: texts.home.health, scope: null, body: () => <Health /> },
  { read: 'readInstallation', acts: [{ op: 'changeInstallation' }] },
  {
    list: 'listJobs',
    columns: ['name', 'cron', 'scheduledAt', 'lastSucceededAt', 'isOverdue'],
    acts: [{ op: 'runJob' }],
  },
  {
    list: 'listIdentityKeys',
    columns: ['kid', 'algorithm', 'state', 'createdAt', 'signsFromAt'],
    acts: [{ op: 'rotateIdentityKey' }],
  },
  {
    title: texts.licences,
    scope: null,
    body: () => (
      <p className="hint">
        <a href="/console/files/licences.txt">{texts.licences}</a>
      </p>
    ),
  },
]);
