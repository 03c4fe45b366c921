import { defineScopes } from '@countersign/admin';
import { defineEventFields, defineActs } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({
  boardId: { format: 'uuid', meaning: 'The leaderboard' },
  seasonId: { format: 'uuid', meaning: 'The season of the leaderboard' },
});

const acts = defineActs({
  'board.season_closed': {
    meaning: 'A season of a leaderboard was closed, and its ranks are final; not sent for unverified ones',
    orderedBy: 'boardId',
    fields: ['boardId', 'seasonId', 'applicationId'],
  },
  'board.created': null,
  'board.changed': null,
  'board.scores_sent': null,
});

export const boardScopes = defineScopes({
  boardsRead: ['boards:read', 'List and read leaderboards'],
  boardsWrite: ['boards:write', 'Create and change leaderboards, and close seasons'],
});

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface Acts extends Declared<typeof acts> {}
}
