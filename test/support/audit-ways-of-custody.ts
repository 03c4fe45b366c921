import { randomUUID } from 'node:crypto';
import { SystemClock } from '@countersign/clock';
import { generateKeyRing } from '@countersign/crypto';
import { JournalSeal } from '@countersign/custody-client';
import { ofOperator } from './audit-ways-of-operators';
import type { Act, AuditRecord, Ways } from './audit-trail';
import { TestCustody } from './custody';
import { Countersign } from './run-countersign';
import { createTestDatabase } from './test-database';
import { TestWorker } from './test-worker';

/** An installation with a custody process, which has made a wallet. */
async function anInstallation(
  perform: (worker: TestWorker, custody: TestCustody) => Promise<readonly AuditRecord[]>,
  by: 'the service' | 'a command' = 'the service',
): Promise<Act> {
  const [database, custody] = [await createTestDatabase(), await TestCustody.start()];
  const keys = JSON.stringify(generateKeyRing());
  const worker = await TestWorker.start({
    database,
    keys,
    environment: { CUSTODY_SOCKET: custody.socket },
  });
  await custody.client.create({ callId: randomUUID(), walletId: randomUUID() }, 'production');
  return {
    database,
    clock: by === 'the service' ? worker.clock : new SystemClock(),
    perform: () => perform(worker, custody),
    cleanUp: async () => {
      await worker.close();
      await database.drop();
      await custody.close();
    },
  };
}

async function sealedBy(actor: string, { client }: TestCustody): Promise<AuditRecord> {
  const { sequence, hash } = (await client.health()).journal;
  const details = { entry: String(sequence), hash };
  return { ...ofOperator('custody.journal_sealed', null, { details }), actor };
}

/** What is recorded of the journal of custody. */
export const waysOfCustody: Ways<'custody.journal_sealed' | 'custody.journal_accepted'> = {
  'custody.journal_sealed': {
    'by the job': () =>
      anInstallation(async (worker, custody) => {
        await worker.nest.get(JournalSeal).run();
        return [await sealedBy('system', custody)];
      }),
  },
  'custody.journal_accepted': {
    'after a restore': () =>
      anInstallation(async (worker, custody) => {
        const countersign = new Countersign(worker, { CUSTODY_SOCKET: custody.socket });
        await countersign.json('custody accept --reason ticket-7');
        const accepted = ofOperator('custody.journal_accepted', null, { details: { reason: 'ticket-7' } });
        return [accepted, await sealedBy(accepted.actor, custody)];
      }, 'a command'),
  },
};
