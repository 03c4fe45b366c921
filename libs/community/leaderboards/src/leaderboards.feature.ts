import { defineScopes } from '@countersign/admin';
import { defineAuditActions } from '@countersign/audit';
import { defineEventFields, defineEventTypes } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const auditActions = defineAuditActions([
  'board.created',
  'board.changed',
  'board.season_closed',
  'board.scores_sent',
  'board.score_corrected',
]);

const eventFields = defineEventFields({
  boardId: { format: 'uuid', meaning: 'The leaderboard' },
  seasonId: { format: 'uuid', meaning: 'The season of the leaderboard' },
  finalPage: {
    format: 'text',
    meaning:
      'JSON text: a list of the first 100 people in order, each with `rank`, `userId` (null where the account is gone) and `score`',
  },
});

const eventTypes = defineEventTypes({
  'board.season_closed': {
    version: 1,
    meaning: 'A season of a leaderboard was closed, and its ranks are final; not sent for unverified ones',
    orderedBy: 'boardId',
    fields: ['boardId', 'seasonId', 'applicationId', 'finalPage'],
  },
});

const scopes = defineScopes({
  'boards:read': 'List and read leaderboards and their scores',
  'boards:write': 'Create and change leaderboards, close seasons, and correct scores',
});

declare module '@countersign/admin' {
  interface Scopes extends NamesOf<typeof scopes> {}
}

declare module '@countersign/audit' {
  interface AuditActions extends NamesOf<typeof auditActions> {}
}

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface EventTypes extends Declared<typeof eventTypes> {}
}
