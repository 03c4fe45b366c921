import { SystemClock } from '@countersign/runtime';
import { extendKeyRing, generateKeyRing, type KeyRingDocument } from '@countersign/crypto';
import { Rewrapping } from '@countersign/keys';
import { ofOperator } from './audit-ways-of-operators';
import type { Way, Ways } from './audit-trail';
import { Countersign } from './run-countersign';
import { createTestDatabase } from './test-database';

/** The ring with the last sealing key as the first one. */
function promoted(document: KeyRingDocument): KeyRingDocument {
  return { ...document, sealing: document.sealing.toReversed() };
}

/** With a second sealing key as the first one, on a database of its own. */
const rotating: Way = async () => {
  const database = await createTestDatabase();
  const { document: both, id } = extendKeyRing(generateKeyRing(), 'sealing');
  await new Countersign({ database, keys: JSON.stringify(both) }).run('audit verify');
  const countersign = Countersign.keptOpen({ database, keys: JSON.stringify(promoted(both)) });
  return {
    database,
    clock: new SystemClock(),
    perform: async () => {
      Object.assign(Rewrapping, { graceMs: 0 });
      await countersign.json('keys rewrap');
      const details = { purpose: 'sealing' };
      return [
        ofOperator('ring_key.rotated', null, { subject: id, details }),
        ofOperator('ring_key.retired', null, { subject: both.sealing[0]?.id ?? '', details }),
      ];
    },
    cleanUp: async () => {
      await countersign.close();
      await database.drop();
    },
  };
};

/** What happens to the keys of the ring. Each way has a database of its own. */
export const waysOfRingKeys: Ways<'ring_key.rotated' | 'ring_key.retired'> = {
  'ring_key.rotated': { 'by an operator': rotating },
  'ring_key.retired': { 'by an operator': rotating },
};
