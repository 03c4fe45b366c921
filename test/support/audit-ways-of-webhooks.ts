import { ofOperator } from './audit-ways-of-operators';
import type { AuditRecord, Stage, Way, Ways } from './audit-trail';
import { anOperator, type Operator } from './operator';

interface Created {
  readonly endpointId: string;
  readonly secretId: string;
}

interface Answer {
  readonly webhook: Pick<Created, 'endpointId'>;
  readonly secret: Pick<Created, 'secretId'>;
}

type Details = Readonly<Record<string, string>>;
/** Whether the endpoint is disabled before. */
interface Setting {
  readonly isDisabled?: boolean;
}

const URL = 'https://hooks.example.com/countersign?token=word';
const ORIGIN = 'https://hooks.example.com';

/** By the command line. */
async function create({ countersign }: Stage, { isDisabled = false }: Setting = {}): Promise<Created> {
  const words = `webhook create --name crm --url ${URL} --type user.erased`;
  const { webhook, secret } = await countersign.json<Answer>(words);
  if (isDisabled) await countersign.json(`webhook disable ${webhook.endpointId}`);
  return { endpointId: webhook.endpointId, secretId: secret.secretId };
}

/** A call of the administration API about an endpoint. */
function byPrincipal(
  action: string,
  act: (operator: Operator, path: string, endpoint: Created) => Promise<Details>,
  setting?: Setting,
): Way {
  return async (stage) => {
    const [endpoint, operator] = [await create(stage, setting), await anOperator(stage.app)];
    return stage.http(async () => {
      const details = await act(operator, `/v1/admin/webhooks/${endpoint.endpointId}`, endpoint);
      return [ofPrincipal(action, operator, endpoint.endpointId, details)];
    });
  };
}

function ofPrincipal(
  action: string,
  { principalId }: Operator,
  subject: string,
  details: Details,
): AuditRecord {
  return { action, actor: `principal:${principalId}`, subject, applicationId: null, details };
}

/** What operators do with webhook endpoints. */
export const waysOfWebhooks: Ways<
  | 'webhook.created'
  | 'webhook.changed'
  | 'webhook.removed'
  | 'webhook.enabled'
  | 'webhook.disabled'
  | 'webhook.secret_added'
  | 'webhook.tested'
  | 'webhook.replayed'
> = {
  'webhook.created': {
    'by a principal': async ({ app, http }) => {
      const operator = await anOperator(app);
      return http(async () => {
        const wanted = { name: 'crm', url: URL, types: ['*', 'user.erased'] };
        const { body } = await operator.post('/v1/admin/webhooks', wanted).expect(201);
        const { webhook, secret } = body as Answer;
        const details = { origin: ORIGIN, types: '*', secretId: secret.secretId };
        return [ofPrincipal('webhook.created', operator, webhook.endpointId, details)];
      });
    },
  },
  'webhook.changed': {
    'by a principal, before the first use of a new URL': byPrincipal(
      'webhook.changed',
      async (operator, path) => {
        const url = 'https://next.example.com/word';
        await operator.patch(path, { url, applicationIds: null }).expect(200);
        return { fields: 'applicationIds url', origin: 'https://next.example.com' };
      },
    ),
  },
  'webhook.removed': {
    'by a principal, of one that is active': async (stage) => {
      const [{ endpointId }, operator] = [await create(stage), await anOperator(stage.app)];
      return stage.http(async () => {
        await operator.delete(`/v1/admin/webhooks/${endpointId}`).expect(204);
        return [
          ofPrincipal('webhook.disabled', operator, endpointId, { reason: 'operator' }),
          ofPrincipal('webhook.removed', operator, endpointId, {}),
        ];
      });
    },
  },
  'webhook.enabled': {
    'by a principal': byPrincipal(
      'webhook.enabled',
      async (operator, path) => {
        await operator.post(`${path}/enable`).expect(200);
        // It changes nothing, and is not recorded.
        await operator.post(`${path}/enable`).expect(200);
        return {};
      },
      { isDisabled: true },
    ),
  },
  'webhook.disabled': {
    'by a principal': byPrincipal('webhook.disabled', async (operator, path) => {
      await operator.post(`${path}/disable`).expect(200);
      await operator.post(`${path}/disable`).expect(200);
      return { reason: 'operator' };
    }),
  },
  'webhook.secret_added': {
    'by a principal': byPrincipal('webhook.secret_added', async (operator, path) => {
      const overlapUntil = '2099-01-01T00:00:00.000Z';
      const { body } = await operator.post(`${path}/secrets`, { overlapUntil }).expect(201);
      return { secretId: (body as Created).secretId, overlapUntil };
    }),
  },
  'webhook.tested': {
    'by a principal': byPrincipal('webhook.tested', async (operator, path) => {
      const { body } = await operator.post(`${path}/test`).expect(200);
      return body as { eventId: string };
    }),
  },
  'webhook.replayed': {
    'at the command line': async (stage) => {
      const { endpointId: subject } = await create(stage);
      const details = await stage.countersign.json<{ eventId: string }>(`webhook test ${subject}`);
      return stage.cli(async () => {
        await stage.countersign.json(`webhook replay-delivery ${subject} ${details.eventId}`);
        return [ofOperator('webhook.replayed', null, { subject, details })];
      });
    },
  },
};
