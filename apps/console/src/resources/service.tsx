import { texts } from '../texts';
import { page } from '../ui/resource';

export const servicePage = page('service', texts.service, [
  { read: 'readInstallation', acts: [{ op: 'changeInstallation' }] },
  {
    list: 'listJobs',
    columns: ['name', 'lastSucceededAt', 'isOverdue'],
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
    body: () => <a href="/console/files/licences.txt">{texts.licences}</a>,
  },
]);
