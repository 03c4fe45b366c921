import type { Row } from '../api';
import { activateBot, Recovery, rotateLeaked } from '../pages/recovery';
import { texts } from '../texts';
import { resource } from '../ui/resource';

const { recovery } = texts;
const isCompromised = ({ status }: Row): boolean => status === 'compromised';

export const bots = resource({
  path: 'bots',
  list: 'listBots',
  read: 'readBot',
  columns: ['username', 'botId', 'provider', 'environment', 'status', 'applicationId'],
  acts: [
    { op: 'addBot' },
    { op: 'rotateBotToken', when: (bot) => !isCompromised(bot) },
    { ...rotateLeaked, when: isCompromised },
    {
      ...{ op: 'changeBot', as: 'disableBot', body: { status: 'disabled' } },
      isDanger: true,
      when: ({ status }) => status === 'active',
    },
    { ...activateBot, when: ({ status }) => status === 'disabled' },
    { ...activateBot, as: 'activateLeaked', isDanger: true, when: isCompromised },
  ],
  links: [
    {
      label: recovery.title,
      scope: 'bots:write',
      isDanger: true,
      href: ({ id }) => ['bots', String(id), 'recovery'],
    },
  ],
  pages: [
    {
      at: 'recovery',
      title: recovery.title,
      sections: [{ title: recovery.title, scope: null, body: (of) => <Recovery {...of} /> }],
    },
  ],
});
