import type { Row } from '../api';
import { ChosenSettings, Settings } from '../pages/settings';
import { texts } from '../texts';
import { resource } from '../ui/resource';

const { settings } = texts.applications;

export const applications = resource({
  path: 'applications',
  list: 'listApplications',
  read: 'readApplication',
  columns: ['name', 'trust', 'createdAt'],
  acts: [
    {
      op: 'createApplication',
      show: ({ application, secret }) => {
        const { applicationId, name, allowed } = application as Row;
        return { applicationId, name, ...(secret as Row), allowed };
      },
    },
    { op: 'changeApplication', as: 'renameApplication', fields: ['name'] },
    {
      ...{ op: 'changeApplication', as: 'addSystems', fields: ['for'], isMain: true },
      show: ({ allowed }) => ({ allowed }),
    },
  ],
  creates: [{ op: 'createBoard' }, { op: 'createListing' }],
  lead: ['trust'],
  without: ['settings', 'effectiveSettings'],
  sections: [
    { title: settings, scope: null, body: (of) => <ChosenSettings {...of} /> },
    {
      list: 'listBots',
      query: ['applicationId'],
      columns: ['username', 'botId', 'provider', 'environment', 'status'],
      acts: [{ op: 'addBot' }],
      link: ({ id }) => ['bots', String(id)],
    },
    {
      list: 'listClientSecrets',
      columns: ['name', 'secretId', 'createdAt'],
      acts: [{ op: 'addClientSecret' }, { op: 'removeClientSecret' }],
    },
    {
      list: 'listOpenidClients',
      columns: ['name', 'clientId', 'scopes', 'redirectUrls', 'isThirdParty', 'isPublic'],
      acts: [
        { op: 'createOpenidClient' },
        { op: 'changeOpenidClient' },
        {
          ...{ op: 'rotateOpenidClientSecret', isDanger: true, show: (body) => body },
          when: ({ isPublic }) => isPublic !== true,
        },
        { op: 'removeOpenidClient' },
      ],
    },
  ],
  sub: {
    at: 'settings',
    title: settings,
    sections: [
      { title: settings, scope: null, body: (of) => <Settings {...of} /> },
      {
        list: 'listAllowedBots',
        columns: ['botId', 'provider', 'environment', 'createdAt'],
        acts: [{ op: 'allowBot' }, { op: 'disallowBot' }],
      },
    ],
  },
});
