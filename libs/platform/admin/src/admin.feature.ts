import { defineActs } from '@countersign/events';
import type { Declared } from '@countersign/text';
import { defineScopes } from './scopes';

const acts = defineActs({
  'job.run_requested': null,
  'principal.created': null,
  'principal.changed': null,
  'principal.removed': null,
  'principal.secret_added': null,
  'principal.secret_removed': null,
  'principal.authenticated': null,
  'principal.session_ended': null,
});

export const adminScopes = defineScopes({
  auditRead: ['audit:read', 'Read the audit trail'],
  countersRead: [
    'counters:read',
    'Read how many sign-ins, new people, sessions and refusals there were by day',
  ],
  jobsRead: ['jobs:read', 'Read the state of the jobs'],
  jobsRun: ['jobs:run', 'Have a job run once, beside its schedule'],
  principalsRead: ['principals:read', 'List and read principals and the names of their secrets'],
  principalsWrite: ['principals:write', 'Create, change and remove principals, up to one’s own scopes'],
});

declare module '@countersign/events' {
  interface Acts extends Declared<typeof acts> {}
}
