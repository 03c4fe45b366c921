import { SystemClock } from '@countersign/clock';
import { extendKeyRing, generateKeyRing, type KeyRingDocument } from '@countersign/crypto';
import { Rewrapping } from '@countersign/keys';
import { ofOperator } from './audit-ways-of-operators';
import type { Act, Way, Ways } from './audit-trail';
import { RunningClock } from './fake-clock';
import { Countersign } from './run-countersign';
import { createTestDatabase } from './test-database';
import { TestWorker } from './test-worker';

type RingKeyAction = 'ring_key.rotated' | 'ring_key.retired';

/** The ring with the last sealing key as the first one. */
function promoted(document: KeyRingDocument): KeyRingDocument {
  return { ...document, sealing: document.sealing.toReversed() };
}

/** With a second sealing key as the first one, on a database of its own. */
function afterRotation(action: RingKeyAction): Way {
  return async (): Promise<Act> => {
    const database = await createTestDatabase();
    const { document: both, id } = extendKeyRing(generateKeyRing(), 'sealing');
    const before = new Countersign({ database, keys: JSON.stringify(both) });
    await before.run('audit verify');
    const app = { database, keys: JSON.stringify(promoted(both)) };
    if (action === 'ring_key.retired') {
      const worker = await TestWorker.start({ ...app, clock: new RunningClock() });
      await worker.close();
    }
    const countersign = Countersign.keptOpen(app);
    const perform: Act['perform'] = async () => {
      Object.assign(Rewrapping, { graceMs: 0 });
      await countersign.json('keys rewrap');
      const details = { purpose: 'sealing' };
      const retired = ofOperator('ring_key.retired', null, { subject: both.sealing[0]?.id ?? '', details });
      const rotated = ofOperator('ring_key.rotated', null, { subject: id, details });
      return action === 'ring_key.retired' ? [retired] : [rotated, retired];
    };
    const cleanUp = async (): Promise<void> => {
      await countersign.close();
      await database.drop();
    };
    return { database, clock: new SystemClock(), perform, cleanUp };
  };
}

/** What happens to the keys of the ring. Each way has a database of its own. */
export const waysOfRingKeys: Ways<RingKeyAction> = {
  'ring_key.rotated': { 'by an operator': afterRotation('ring_key.rotated') },
  'ring_key.retired': { 'by an operator': afterRotation('ring_key.retired') },
};
