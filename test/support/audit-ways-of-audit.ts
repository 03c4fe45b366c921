import { systemOperator } from './audit-ways-of-operators';
import { RefusalJournal } from '@countersign/audit';
import type { AuditRecord, Ways } from './audit-trail';
import { anOperator, type Operator } from './operator';

const ofPrincipal = (
  action: AuditRecord['action'],
  { principalId }: Operator,
  { subject = null, details = {} }: Partial<AuditRecord> = {},
): AuditRecord => ({ action, actor: `principal:${principalId}`, subject, applicationId: null, details });

/** What refusals, and reading the audit trail, leave in it. */
export const waysOfAudit: Ways<'audit.read' | 'audit.exported' | 'auth.refused' | 'refusal.read'> = {
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
    'at the command line, once for several pages': async ({ countersign, cli }) =>
      Promise.resolve(
        cli(async () => {
          const { exitCode } = await countersign.run('audit list --limit 10000');
          expect(exitCode).toBe(0);
          return [
            {
              action: 'audit.read',
              actor: systemOperator,
              subject: null,
              applicationId: null,
              details: { filters: '' },
            },
          ];
        }),
      ),
  },
  'audit.exported': {
    'at the command line': async ({ countersign, cli }) =>
      Promise.resolve(
        cli(async () => {
          await countersign.run('audit export --from 2020-01-01T00:00:00Z');
          return [
            {
              action: 'audit.exported',
              actor: systemOperator,
              subject: null,
              applicationId: null,
              details: { filters: 'from' },
            },
          ];
        }),
      ),
  },
  'auth.refused': {
    'of junk at a door': async ({ app, demo: { applicationId }, http }) => {
      const journal = app.nest.get(RefusalJournal);
      await journal.flush(true);
      return http(async () => {
        for (let count = 0; count < 3; count += 1)
          await app.postSignIn({ applicationId, initData: 'hash=junk' }).expect(401);
        await journal.flush(true);
        const minute = new Date(Math.floor(app.clock.now().getTime() / 60_000) * 60_000).toISOString();
        const details = { door: 'telegram_init_data', code: 'init_data.hash_malformed', count: '3', minute };
        return [{ action: 'auth.refused', actor: 'unverified', subject: null, applicationId, details }];
      });
    },
  },
  'refusal.read': {
    'by a principal': async ({ app, http }) => {
      const operator = await anOperator(app);
      const { requestId } = (await app.http.get('/v1/nowhere').expect(404)).body as { requestId: string };
      return http(async () => {
        await operator.get(`/v1/admin/requests/${requestId}`).expect(200);
        return [ofPrincipal('refusal.read', operator, { subject: requestId, details: { found: '1' } })];
      });
    },
  },
};
