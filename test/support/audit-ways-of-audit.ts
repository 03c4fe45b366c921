import { systemOperator } from './audit-ways-of-operators';
import { AuditUpkeep, AuditVerifier } from '@countersign/audit';
import { generateKeyRing } from '@countersign/crypto';
import { IdentityKeys } from '@countersign/issuer';
import { sealAll } from './audit-seals';
import { createTestDatabase } from './test-database';
import { TestWorker } from './test-worker';
import { Countersign } from './run-countersign';
import { SystemClock } from '@countersign/clock';
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
  { isCli = false, ...environment }: { readonly isCli?: boolean; readonly AUDIT_RETENTION_DAYS?: string },
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
    const clock = isCli ? new SystemClock() : worker.clock;
    return { database, clock, perform: await prepare(worker), cleanUp };
  };
}

/** What reading the audit trail leaves in it. */
export const waysOfAudit: Ways<'audit.read' | 'audit.verified' | 'audit.day_dropped'> = {
  'audit.read': {
    'by a principal': async ({ app, http }) => {
      const operator = await anOperator(app);
      return http(async () => {
        await operator.get('/v1/admin/audit?action=user.created&limit=5').expect(200);
        return [ofPrincipal('audit.read', operator, { details: { filters: 'action' } })];
      });
    },
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
    'at the command line, with what is wrong': ofAnAudit({ isCli: true }, async (worker) => {
      await sealAll(worker);
      await worker.database.query('UPDATE audit_blocks SET signature = records || records');
      return async () => {
        const { exitCode } = await new Countersign(worker).run('audit verify');
        expect(exitCode).toBe(3);
        const details = { outcome: 'differs', blocks: '0', block: '1' };
        return [{ ...OF_SYSTEM, action: 'audit.verified', actor: systemOperator, details }];
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
