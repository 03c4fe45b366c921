import type { AuditRecord, Ways } from './audit-trail';
import { anOperator, type Operator } from './operator';

const ofPrincipal = (
  action: AuditRecord['action'],
  { principalId }: Operator,
  { subject = null, details = {} }: Partial<AuditRecord> = {},
): AuditRecord => ({ action, actor: `principal:${principalId}`, subject, applicationId: null, details });

/** What reading the audit trail leaves in it. */
export const waysOfAudit: Ways<'audit.read' | 'audit.exported'> = {
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
              actor: 'operator',
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
              actor: 'operator',
              subject: null,
              applicationId: null,
              details: { filters: 'from' },
            },
          ];
        }),
      ),
  },
};
