import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '@countersign/clock';
import { extendKeyRing, generateKeyRing } from '@countersign/crypto';
import { ofOperator } from './audit-ways-of-operators';
import type { Act, Way, Ways } from './audit-trail';
import { Countersign } from './run-countersign';
import { createTestDatabase } from './test-database';

type RingKeyAction = 'ring_key.added' | 'ring_key.rotated' | 'ring_key.retired' | 'ring_key.dropped';

/** A command about the second sealing key of a ring, on a database of its own. */
function aboutASecondKey(
  action: RingKeyAction,
  command: 'rotate' | 'retire' | 'drop',
  isAboutFormer = false,
): Way {
  return async (): Promise<Act> => {
    const database = await createTestDatabase();
    const { document, id } = extendKeyRing(generateKeyRing(), 'sealing');
    const countersign = Countersign.keptOpen({ database, keys: JSON.stringify(document) });
    await countersign.json('keys status');
    if (isAboutFormer) {
      await countersign.json(`keys rotate ${id}`);
      await database.query(`UPDATE ring_keys SET changed_at = changed_at - interval '1 hour'`);
    }
    const subject = isAboutFormer ? document.sealing.active : id;
    const perform: Act['perform'] = async () => {
      await countersign.json(`keys ${command} ${subject}`);
      return [ofOperator(action, null, { subject, details: { purpose: 'sealing' } })];
    };
    const cleanUp = async (): Promise<void> => {
      await countersign.close();
      await database.drop();
    };
    return { database, clock: new SystemClock(), perform, cleanUp };
  };
}

const adding: Way = async () => {
  const [database, folder] = [await createTestDatabase(), await mkdtemp(join(tmpdir(), 'ring-'))];
  const countersign = new Countersign({ database, keys: JSON.stringify(generateKeyRing()) });
  return {
    database,
    clock: new SystemClock(),
    perform: async () => {
      const command = `keys add token --out ${join(folder, 'keys.json')}`;
      const { keyId: subject } = await countersign.json<{ keyId: string }>(command);
      return [ofOperator('ring_key.added', null, { subject, details: { purpose: 'token' } })];
    },
    cleanUp: async () => {
      await rm(folder, { recursive: true });
      await database.drop();
    },
  };
};

/** What happens to the keys of the ring. Each way has a database of its own. */
export const waysOfRingKeys: Ways<RingKeyAction> = {
  'ring_key.added': { 'by an operator': adding },
  'ring_key.rotated': { 'by an operator': aboutASecondKey('ring_key.rotated', 'rotate') },
  'ring_key.retired': { 'by an operator': aboutASecondKey('ring_key.retired', 'retire', true) },
  'ring_key.dropped': { 'by an operator': aboutASecondKey('ring_key.dropped', 'drop') },
};
