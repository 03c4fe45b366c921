import { Health } from '../pages/home';
import { texts } from '../texts';
import { page } from '../ui/resource';

const { service } = texts;

export const servicePage = page('service', service.title, [
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
    title: service.licences,
    scope: null,
    body: () => (
      <p className="hint">
        <a href="/console/files/licences.txt">{service.licences}</a>
      </p>
    ),
  },
]);
