import { defineEvents } from '@countersign/audit';
import { defineScopes } from './scopes';

export const adminEvents = defineEvents({
  jobRunRequested: 'job.run_requested',
  principalCreated: 'principal.created',
  principalChanged: 'principal.changed',
  principalRemoved: 'principal.removed',
  principalSecretAdded: 'principal.secret_added',
  principalSecretRemoved: 'principal.secret_removed',
  principalAuthenticated: 'principal.authenticated',
  principalSessionEnded: 'principal.session_ended',
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
