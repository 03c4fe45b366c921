import { generateKeyRing } from '@countersign/crypto';
import { SystemClock } from '@countersign/clock';
import { IdentityKeys, IdentityKeyUpkeep } from '@countersign/issuer';
import { ofOperator } from './audit-ways-of-operators';
import type { Act, AuditRecord, Ways } from './audit-trail';
import { FakeClock } from './fake-clock';
import { Countersign } from './run-countersign';
import { TestApp } from './test-app';
import { createTestDatabase } from './test-database';
import { TestWorker } from './test-worker';

const DETAILS = { details: { algorithm: 'ES256' } };
const KEY_LIFETIME_SECONDS = 30 * 86_400;

type Command = (countersign: Countersign) => Promise<readonly AuditRecord[]>;

/** A command on a database of its own, after others that made it ready. */
async function onTheCommandLine(before: readonly string[], command: Command): Promise<Act> {
  const database = await createTestDatabase();
  const countersign = Countersign.keptOpen({ database, keys: JSON.stringify(generateKeyRing()) });
  for (const words of before) await countersign.json(words);
  return {
    database,
    clock: new SystemClock(),
    perform: () => command(countersign),
    cleanUp: async () => {
      await countersign.close();
      await database.drop();
    },
  };
}

async function rotate(countersign: Countersign): Promise<string> {
  return (await countersign.json<{ kid: string }>('identity-key rotate')).kid;
}

/** @returns the keys, newest first */
async function kidsOf(countersign: Countersign): Promise<readonly string[]> {
  const keys = await countersign.lines<{ kid: string }>('identity-key list');
  return keys.map(({ kid }) => kid);
}

async function revoke(countersign: Countersign, kid: string): Promise<string> {
  const answer = await countersign.json<{ signing: { kid: string } }>(`identity-key revoke ${kid}`);
  return answer.signing.kid;
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
        return keys.map(({ kid }) => ({
          action: 'identity_key.created',
          actor: 'system',
          subject: kid,
          applicationId: null,
          ...DETAILS,
        }));
      };
      return { database, clock, perform, cleanUp };
    },
    'by an operator, before the service has started': () =>
      onTheCommandLine([], async (countersign) => [
        ofOperator('identity_key.created', null, { subject: await rotate(countersign), ...DETAILS }),
      ]),
  },
  'identity_key.rotated': {
    'by an operator': () =>
      onTheCommandLine(['identity-key rotate'], async (countersign) => [
        ofOperator('identity_key.rotated', null, { subject: await rotate(countersign), ...DETAILS }),
      ]),
    'by the upkeep, when the key is old': async () => {
      const [database, clock] = [await createTestDatabase(), new FakeClock()];
      const keys = JSON.stringify(generateKeyRing());
      const worker = await TestWorker.start({ database, keys, clock });
      const identityKeys = worker.nest.get(IdentityKeys);
      await identityKeys.ensure();
      const [first] = await identityKeys.list();
      clock.advance(KEY_LIFETIME_SECONDS);
      const perform = async (): Promise<readonly AuditRecord[]> => {
        await worker.nest.get(IdentityKeyUpkeep).run();
        const added = (await identityKeys.list()).filter(({ kid }) => kid !== first?.kid);
        expect(added).toHaveLength(1);
        return added.map(({ kid }) => ({
          ...ofOperator('identity_key.rotated', null, { subject: kid, ...DETAILS }),
          actor: 'system',
        }));
      };
      const cleanUp = async (): Promise<void> => {
        await worker.close();
        await database.drop();
      };
      return { database, clock, perform, cleanUp };
    },
  },
  'identity_key.revoked': {
    'beside another one': () =>
      onTheCommandLine(['identity-key rotate', 'identity-key rotate'], async (countersign) => {
        const [, signing = ''] = await kidsOf(countersign);
        await revoke(countersign, signing);
        return [ofOperator('identity_key.revoked', null, { subject: signing })];
      }),
    'the only one, in whose place another is made': () =>
      onTheCommandLine(['identity-key rotate'], async (countersign) => {
        const [only = ''] = await kidsOf(countersign);
        const heir = await revoke(countersign, only);
        return [
          ofOperator('identity_key.revoked', null, { subject: only }),
          ofOperator('identity_key.created', null, { subject: heir, ...DETAILS }),
        ];
      }),
  },
};
