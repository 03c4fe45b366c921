import { SystemClock } from '@countersign/clock';
import { extendKeyRing, generateKeyRing, type KeyRingDocument } from '@countersign/crypto';
import { ofOperator } from './audit-ways-of-operators';
import type { Act, Way, Ways } from './audit-trail';
import { Countersign } from './run-countersign';
import { createTestDatabase } from './test-database';

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
    await before.json('keys status');
    const countersign = Countersign.keptOpen({ database, keys: JSON.stringify(promoted(both)) });
    if (action === 'ring_key.retired') await countersign.json('keys status');
    const subject = action === 'ring_key.retired' ? (both.sealing[0]?.id ?? '') : id;
    const perform: Act['perform'] = async () => {
      await countersign.json(action === 'ring_key.retired' ? 'keys rewrap' : 'keys status');
      const record = ofOperator(action, null, { subject, details: { purpose: 'sealing' } });
      // A process notices the rotation when it starts, before its command.
      return [action === 'ring_key.rotated' ? { ...record, actor: 'operator' } : record];
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
