import { randomUUID } from 'node:crypto';
import { SystemClock } from '@countersign/runtime';
import { generateKeyRing } from '@countersign/crypto';
import { ofOperator } from './audit-ways-of-operators';
import type { Way, Ways } from './audit-trail';
import { TestCustody } from './custody';
import { Countersign } from './run-countersign';
import { createTestDatabase } from './test-database';
import { TestWorker } from './test-worker';

/** What an operator accepts after a restore of an installation whose custody process has made a wallet, and the seal of it. */
const accepting: Way = async () => {
  const [database, custody] = [await createTestDatabase(), await TestCustody.start()];
  const worker = await TestWorker.start({
    database,
    keys: JSON.stringify(generateKeyRing()),
    environment: { CUSTODY_SOCKET: custody.socket },
  });
  await custody.client.create({ callId: randomUUID(), walletId: randomUUID() }, 'production');
  return {
    database,
    clock: new SystemClock(),
    perform: async () => {
      const countersign = new Countersign(worker, { CUSTODY_SOCKET: custody.socket });
      await countersign.json('custody accept --reason ticket-7');
      const { sequence, hash } = (await custody.client.health()).journal;
      const details = { entry: String(sequence), hash };
      return [
        ofOperator('custody.journal_accepted', null, { details: { reason: 'ticket-7' } }),
        ofOperator('custody.journal_sealed', null, { details }),
      ];
    },
    cleanUp: async () => {
      await worker.close();
      await database.drop();
      await custody.close();
    },
  };
};

/** What is recorded of the journal of custody. */
export const waysOfCustody: Ways<'custody.journal_sealed' | 'custody.journal_accepted'> = {
  'custody.journal_sealed': { 'after a restore': accepting },
  'custody.journal_accepted': { 'after a restore': accepting },
};
