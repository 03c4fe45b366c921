import { ofOperator } from './audit-ways-of-operators';
import type { AuditRecord, Stage, Way, Ways } from './audit-trail';
import { aConsoleSession } from './console';
import { anOperator } from './operator';

interface Created {
  readonly principalId: string;
  readonly secretId: string;
  readonly clientSecret: string;
}

let count = 0;

/** By the command line, with one scope. */
function create({ countersign }: Stage): Promise<Created> {
  count += 1;
  return countersign.json<Created>(`principal create --name desk-${count} --scope users:read`);
}

/** A call of the administration API by another principal. */
function byPrincipal(
  action: string,
  act: (
    operator: Awaited<ReturnType<typeof anOperator>>,
    principal: Created,
  ) => Promise<Readonly<Record<string, string>>>,
): Way {
  return async (stage) => {
    const [principal, operator] = [await create(stage), await anOperator(stage.app)];
    return stage.http(async () => {
      const details = await act(operator, principal);
      const actor = `principal:${operator.principalId}`;
      return [{ action, actor, subject: principal.principalId, applicationId: null, details }];
    });
  };
}

const pathOf = ({ principalId }: Created): string => `/v1/admin/principals/${principalId}`;

/** What happens to principals of the administration API. */
export const waysOfPrincipals: Ways<
  | 'principal.created'
  | 'principal.changed'
  | 'principal.removed'
  | 'principal.secret_added'
  | 'principal.secret_removed'
  | 'principal.authenticated'
  | 'principal.session_ended'
> = {
  'principal.created': {
    'by another principal': async (stage) => {
      const operator = await anOperator(stage.app);
      return stage.http(async () => {
        const wanted = { name: 'made by another', scopes: ['users:read'] };
        const made = await operator.post('/v1/admin/principals', wanted).expect(201);
        const { principal } = made.body as { principal: { principalId: string } };
        const details = { scopes: 'users:read' };
        const record = ofOperator('principal.created', null, { subject: principal.principalId, details });
        return [{ ...record, actor: `principal:${operator.principalId}` }];
      });
    },
  },
  'principal.changed': {
    'by another principal': byPrincipal('principal.changed', async (operator, principal) => {
      await operator.patch(pathOf(principal), { scopes: [] }).expect(200);
      return { fields: 'scopes', scopes: '' };
    }),
  },
  'principal.removed': {
    'at the command line': async (stage) => {
      const { principalId: subject } = await create(stage);
      const details = { name: `desk-${count}` };
      return stage.cli(async () => {
        await stage.countersign.json(`principal remove ${subject}`);
        return [ofOperator('principal.removed', null, { subject, details })];
      });
    },
  },
  'principal.secret_added': {
    'by another principal': byPrincipal('principal.secret_added', async (operator, principal) => {
      const { body } = await operator.post(`${pathOf(principal)}/secrets`, { name: 'next' }).expect(201);
      return { secretId: (body as { secretId: string }).secretId };
    }),
  },
  'principal.secret_removed': {
    'by another principal': byPrincipal('principal.secret_removed', async (operator, principal) => {
      await operator.delete(`${pathOf(principal)}/secrets/${principal.secretId}`).expect(204);
      return { secretId: principal.secretId };
    }),
  },
  'principal.authenticated': {
    'by a secret, for a session of the console': async (stage) => {
      const { principalId, secretId, clientSecret } = await create(stage);
      return stage.http(async () => {
        const { sessionId } = await aConsoleSession(stage.app, principalId, clientSecret);
        const details = { by: 'secret', sessionId, secretId };
        return [ofOneself('principal.authenticated', principalId, details)];
      });
    },
  },
  'principal.session_ended': {
    'at the console': async (stage) => {
      const { principalId, clientSecret } = await create(stage);
      const session = await aConsoleSession(stage.app, principalId, clientSecret);
      return stage.http(async () => {
        const { sessionId } = session;
        await session.delete('/v1/admin/console/session').expect(204);
        return [ofOneself('principal.session_ended', principalId, { sessionId })];
      });
    },
  },
};

/** What a principal does about itself. */
function ofOneself(
  action: string,
  principalId: string,
  details: Readonly<Record<string, string>>,
): AuditRecord {
  return { action, actor: `principal:${principalId}`, subject: principalId, applicationId: null, details };
}
