import { defineScopes } from '@countersign/admin';
import { defineEvents, commonFields } from '@countersign/audit';

const boardId = { format: 'uuid', meaning: 'The leaderboard' } as const;
const seasonId = { format: 'uuid', meaning: 'The season of the leaderboard' } as const;

const { applicationId } = commonFields;

export const boardEvents = defineEvents({
  seasonClosed: {
    name: 'board.season_closed',
    meaning: 'A season of a leaderboard was closed, and its ranks are final; not sent for unverified ones',
    orderedBy: 'boardId',
    fields: { boardId, seasonId, applicationId },
  },
  created: 'board.created',
  changed: 'board.changed',
  scoresSent: 'board.scores_sent',
});

export const boardScopes = defineScopes({
  boardsRead: ['boards:read', 'List and read leaderboards'],
  boardsWrite: ['boards:write', 'Create and change leaderboards, and close seasons'],
});
