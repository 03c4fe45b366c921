import { generateKeyRing } from '@countersign/crypto';
import { actingAs } from '@countersign/audit';
import { IdentityKeys } from '@countersign/sessions';
import { ofOperator, systemOperator } from './audit-ways-of-operators';
import type { Act, AuditRecord, Ways } from './audit-trail';
import { FakeClock } from './fake-clock';
import { TestApp } from './test-app';
import { createTestDatabase } from './test-database';
import { TestWorker } from './test-worker';

const DETAILS = { details: { algorithm: 'ES256' } };

type Work = (keys: IdentityKeys) => Promise<readonly AuditRecord[]>;

/** What an operator does on a database of its own, which has one key. */
async function byOperator(work: Work): Promise<Act> {
  const [database, clock] = [await createTestDatabase(), new FakeClock()];
  const worker = await TestWorker.start({ database, keys: JSON.stringify(generateKeyRing()), clock });
  const keys = worker.nest.get(IdentityKeys);
  // The worker does so too when it starts, now or later.
  await keys.ensure();
  return {
    database,
    clock,
    perform: () => actingAs(systemOperator, () => work(keys)),
    cleanUp: async () => {
      await worker.close();
      await database.drop();
    },
  };
}

/** What happens to the keys that sign identity tokens. Each way has a database of its own. */
export const waysOfIdentityKeys: Ways<
  'identity_key.created' | 'identity_key.rotated' | 'identity_key.revoked'
> = {
  'identity_key.created': {
    'by the service, at its first start': async () => {
      const [database, clock] = [await createTestDatabase(), new FakeClock()];
      let app: TestApp | undefined;
      const cleanUp = async (): Promise<void> => {
        await app?.close();
        await database.drop();
      };
      const perform = async (): Promise<readonly AuditRecord[]> => {
        app = await TestApp.start({ database, clock });
        const { keys } = (await app.http.get('/.well-known/jwks.json')).body as { keys: { kid: string }[] };
        return keys
          .filter(({ kid }) => !kid.endsWith('.rs256'))
          .map(({ kid }) => ({
            action: 'identity_key.created',
            actor: 'system',
            subject: kid,
            applicationId: null,
            ...DETAILS,
          }));
      };
      return { database, clock, perform, cleanUp };
    },
  },
  'identity_key.rotated': {
    'by an operator': () =>
      byOperator(async (keys) => [
        ofOperator('identity_key.rotated', null, { subject: (await keys.rotate()).kid, ...DETAILS }),
      ]),
  },
  'identity_key.revoked': {
    'the only one, in whose place another is made': () =>
      byOperator(async (keys) => {
        const [only = ''] = (await keys.list()).map(({ kid }) => kid);
        const heir = (await keys.revoke(only)).kid;
        return [
          ofOperator('identity_key.revoked', null, { subject: only }),
          ofOperator('identity_key.created', null, { subject: heir, ...DETAILS }),
        ];
      }),
  },
};
