import { AccountService, type RevocationTarget } from '@countersign/account';
import { userStatuses } from '@countersign/users';
import { choose, uuid, type Call, type Command } from '../command';
import { UsageError } from '../usage';

export const peopleCommands: Record<string, Command> = {
  'user set': {
    options: { user: { type: 'string' }, status: { type: 'string' } },
    run: {
      kind: 'connected',
      execute: async (call, app) => {
        const userId = uuid('user', call.positionals[0] ?? call.required('user'));
        const status = choose('status', call.required('status'), userStatuses);
        const { endedSessions } = await app.get(AccountService).setStatus(userId, status);
        const text = `User ${userId} is ${status}; ${endedSessions} session(s) ended`;
        return { json: { userId, status, endedSessions }, text };
      },
    },
  },
  'session revoke': {
    options: { user: { type: 'string' }, session: { type: 'string' } },
    run: {
      kind: 'connected',
      execute: async (call, app) => {
        const { endedSessions } = await app.get(AccountService).revoke(targetOf(call));
        return { json: { endedSessions }, text: `${endedSessions} session(s) ended` };
      },
    },
  },
};

function targetOf(call: Call): RevocationTarget {
  const [userId, sessionId] = [call.optional('user'), call.optional('session')];
  if (userId !== undefined && sessionId === undefined) return { userId: uuid('user', userId) };
  if (sessionId !== undefined && userId === undefined) return { sessionId: uuid('session', sessionId) };
  throw new UsageError('Pass either --user or --session.');
}
