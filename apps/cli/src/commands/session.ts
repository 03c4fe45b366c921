import type { INestApplicationContext } from '@nestjs/common';
import type { RevocationTarget } from '@countersign/account';
import { chooseIfGiven, ifGiven, instant, onlyOne, uuid, uuidArgument, uuidOption, type Call } from '../call';
import { command, group, oneOf, readUpTo, type Libs } from '../declaration';
import { UsageError } from '../errors';
import { bot, limit, platformOptions } from '../options';
import { sessionStates } from '../words';

export const session = group('session', 'sessions', {
  list: command('list sessions, newest first', {
    ...limit,
    '--user <userId>': 'those of this account',
    '--application <applicationId>': 'those for this application; with --user',
    '--state <state>': oneOf(sessionStates, 'whether they still live; with --user'),
  }).list({
    read: async (call, app, libs) => {
      const sessions = app.get(libs.sessions.ListedSessions);
      if (!call.has('user') && (call.has('application') || call.has('state')))
        throw new UsageError('--application and --state go with --user: there is no index for them alone.');
      const filter = {
        userId: ifGiven(call, 'user', uuid) ?? null,
        applicationId: ifGiven(call, 'application', uuid) ?? null,
        state: chooseIfGiven(call, 'state', sessionStates) ?? null,
      };
      const found = await readUpTo(call, (keyset) => sessions.list(filter, keyset), 'id');
      return found.map((one) => sessions.toResponse(one));
    },
    columns: {
      session: 'sessionId',
      account: 'userId',
      application: 'applicationId',
      state: 'state',
      assurance: 'assurance',
      opened: 'createdAt',
      'last used': 'lastUsedAt',
      'ended by': ({ endReason }) => endReason ?? '',
    },
  }),
  show: command('show a session', { '<sessionId>': 'the session' }).show(
    async (call, app, libs) => {
      const sessions = app.get(libs.sessions.ListedSessions);
      return sessions.toResponse(await sessions.get(uuidArgument(call, 'sessionId')));
    },
    {
      session: 'sessionId',
      account: 'userId',
      application: 'applicationId',
      identity: ({ identityId }) => identityId ?? 'none any more',
      state: 'state',
      assurance: 'assurance',
      door: ({ door }) => door ?? 'unknown',
      scopes: ({ scopes }) => scopes.join(' '),
      bound: ({ isBound }) => (isBound ? 'to a device key' : 'no'),
      opened: 'createdAt',
      authenticated: 'authenticatedAt',
      'last used': 'lastUsedAt',
      expires: 'expiresAt',
      ended: ({ endedAt, endReason }) => (endedAt === null ? '' : `${endedAt} ${endReason ?? ''}`),
    },
  ),
  revoke: command('end sessions: by one of --user, --session, --bot and --rapidpace-of', {
    '--user <userId>': 'all of this account',
    '--session <sessionId>': 'this one',
    '--rapidpace-of <applicationId>':
      'those that began with a Rapidpace proof of this application; with --since',
    '--since <instant>': 'only those that began at this instant or later',
    '--bot <botId>': 'those that rest on the token of this bot alone; with --since',
    ...platformOptions,
  }).act(async (call, app, libs) => {
    const target = await targetOf(call, app, libs);
    const { endedSessions } = await app.get(libs.account.AccountService).revoke(target);
    return { json: { endedSessions }, text: `${endedSessions} session(s) ended` };
  }),
});

async function targetOf(
  call: Call,
  app: INestApplicationContext,
  { users }: Libs,
): Promise<RevocationTarget> {
  const kind = onlyOne(call, ['user', 'session', 'bot', 'rapidpace-of']);
  if (kind === 'bot') return { bot: bot(call), since: sinceOf(call) };
  if (kind === 'rapidpace-of') return { vendorOf: uuidOption(call, 'rapidpace-of'), since: sinceOf(call) };
  if (call.has('since')) throw new UsageError('--since goes with --bot and --rapidpace-of.');
  if (kind === 'session') return { sessionId: uuidOption(call, 'session') };
  // Of a merged account, the surviving account's.
  return { userId: await app.get(users.UsersService).resolveId(uuidOption(call, 'user')) };
}

function sinceOf(call: Call): Date {
  return instant('since', call.required('since'));
}
