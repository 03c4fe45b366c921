import type { Row } from '../api';
import type { ActOf } from '../ui/act';
import { resource } from '../ui/resource';

const isCompromised = ({ status }: Row): boolean => status === 'compromised';
const activate: ActOf = { op: 'changeBot', as: 'activateBot', body: { status: 'active' } };

export const bots = resource({
  path: 'bots',
  list: 'listBots',
  read: 'readBot',
  columns: ['username', 'botId', 'provider', 'environment', 'status', 'applicationId'],
  acts: [
    { op: 'addBot' },
    { op: 'rotateBotToken', isMain: true, when: (bot) => !isCompromised(bot) },
    // An overlap would give the thief of the token more time.
    { op: 'rotateBotToken', as: 'rotateLeaked', fields: ['token'], isMain: true, when: isCompromised },
    {
      ...{ op: 'changeBot', as: 'disableBot', body: { status: 'disabled' } },
      isDanger: true,
      when: ({ status }) => status === 'active',
    },
    {
      ...{ op: 'changeBot', as: 'compromiseBot', body: { status: 'compromised' } },
      isDanger: true,
      when: (bot) => !isCompromised(bot),
    },
    { ...activate, when: ({ status }) => status === 'disabled' },
    { ...activate, as: 'activateLeaked', isDanger: true, when: isCompromised },
  ],
});
