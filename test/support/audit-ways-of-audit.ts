import { AuditUpkeep, AuditVerifier } from '@countersign/audit';
import { generateKeyRing } from '@countersign/crypto';
import { IdentityKeys } from '@countersign/sessions';
import { sealAll } from './audit-seals';
import { createTestDatabase } from './test-database';
import { TestWorker } from './test-worker';
import type { AuditRecord, Way, Ways } from './audit-trail';
import { anOperator, type Operator } from './operator';

const ofPrincipal = (
  action: AuditRecord['action'],
  { principalId }: Operator,
  { subject = null, details = {} }: Partial<AuditRecord> = {},
): AuditRecord => ({ action, actor: `principal:${principalId}`, subject, applicationId: null, details });

const DAY = 86_400;
const OF_SYSTEM = { actor: 'system', subject: null, applicationId: null } as const;

type Audited = () => Promise<readonly AuditRecord[]>;

/** A way on a database of its own. */
function ofAnAudit(
  environment: { readonly AUDIT_RETENTION_DAYS?: string },
  prepare: (worker: TestWorker) => Promise<Audited>,
): Way {
  return async () => {
    const database = await createTestDatabase();
    const keys = JSON.stringify(generateKeyRing());
    const worker = await TestWorker.start({ database, keys, environment });
    // The first key of identity tokens is recorded.
    await worker.nest.get(IdentityKeys).ensure();
    const cleanUp = async (): Promise<void> => {
      await worker.close();
      await database.drop();
    };
    return { database, clock: worker.clock, perform: await prepare(worker), cleanUp };
  };
}

/** What reading the audit trail leaves in it. */
export const waysOfAudit: Ways<'audit.read' | 'audit.verified' | 'audit.day_dropped'> = {
  'audit.read': {
    'about a person': async ({ app, demo, http, pseudonymOf }) => {
      const operator = await anOperator(app);
      const person = await app.signIn(demo);
      return http(async () => {
        await operator.get(`/v1/admin/audit?userId=${person.userId}`).expect(200);
        const subject = await pseudonymOf(person);
        return [ofPrincipal('audit.read', operator, { subject, details: { filters: 'userId' } })];
      });
    },
  },
  'audit.verified': {
    'by the job': ofAnAudit({}, async (worker) => {
      await sealAll(worker);
      return async () => {
        await worker.nest.get(AuditVerifier).run();
        const [block] = await worker.database.query<{ number: number }>(
          'SELECT max(number) AS number FROM audit_blocks',
        );
        const hash = expect.stringMatching(/^[\w-]{43}$/) as string;
        const details = { outcome: 'intact', blocks: String(block?.number), hash };
        return [{ ...OF_SYSTEM, action: 'audit.verified', details }];
      };
    }),
  },
  'audit.day_dropped': {
    'with the retention time': ofAnAudit({ AUDIT_RETENTION_DAYS: '30' }, async (worker) => {
      await worker.nest.get(AuditUpkeep).run();
      const subject = worker.clock.now().toISOString().slice(0, 10);
      worker.clock.advance(31 * DAY);
      await worker.nest.get(AuditUpkeep).run();
      await worker.database.query('DELETE FROM audit_records');
      worker.clock.advance(DAY);
      const next = new Date(worker.clock.now().getTime() - 31 * DAY * 1_000).toISOString().slice(0, 10);
      expect(next > subject).toBe(true);
      return async () => {
        await worker.nest.get(AuditUpkeep).run();
        return [
          { ...OF_SYSTEM, action: 'audit.day_dropped', subject: next, details: { retentionDays: '30' } },
        ];
      };
    }),
  },
};
