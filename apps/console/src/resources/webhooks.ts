import type { Row } from '../api';
import { resource } from '../ui/resource';

export const webhooks = resource({
  path: 'webhooks',
  list: 'listWebhooks',
  read: 'readWebhook',
  columns: ['name', 'url', 'status', 'types'],
  acts: [
    {
      op: 'createWebhook',
      show: ({ webhook, secret }) => {
        const { endpointId, name } = webhook as Row;
        return { endpointId, name, ...(secret as Row) };
      },
    },
    { op: 'testWebhook', isMain: true, show: (body) => body },
    { op: 'disableWebhook', isDanger: true, when: ({ status }) => status === 'active' },
    { op: 'enableWebhook', when: ({ status }) => status !== 'active' },
    { op: 'addWebhookSecret' },
  ],
  sections: [
    {
      list: 'listWebhookDeliveries',
      columns: ['type', 'eventId', 'state', 'attemptCount', 'lastOutcome', 'lastStatus', 'occurredAt'],
      acts: [{ op: 'replayWebhookDelivery' }],
    },
  ],
});
