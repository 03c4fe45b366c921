import type { INestApplicationContext } from '@nestjs/common';
import { AccountService, type RevocationTarget } from '@countersign/account';
import { readUpTo } from '@countersign/admin';
import { ListedSessions } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { bot } from '../bot-options';
import { chooseIfGiven, ifGiven, uuid, uuidArgument, type Call, type Connected } from '../command';
import { instant } from '../instant';
import { limitOf } from '../limit-option';
import { fields, table } from '../list-output';
import { UsageError } from '../usage';
import { sessionStates } from '../words';

const HEADINGS = [
  'session',
  'account',
  'application',
  'state',
  'assurance',
  'opened',
  'last used',
  'ended by',
];

export const list: Connected = async (call, app) => {
  const sessions = app.get(ListedSessions);
  const filter = filterOf(call);
  const found = await readUpTo(
    limitOf(call),
    (keyset) => sessions.list(filter, keyset),
    ({ id }) => id,
  );
  const json = found.map((one) => sessions.toResponse(one));
  const rows = json.map((one) => [
    one.sessionId,
    one.userId,
    one.applicationId,
    one.state,
    one.assurance,
    one.createdAt,
    one.lastUsedAt,
    one.endReason ?? '',
  ]);
  return { json, text: table(HEADINGS, rows) };
};

export const show: Connected = async (call, app) => {
  const sessions = app.get(ListedSessions);
  const session = sessions.toResponse(await sessions.get(uuidArgument(call, 'sessionId')));
  const rows: [string, string][] = [
    ['session', session.sessionId],
    ['account', session.userId],
    ['application', session.applicationId],
    ['identity', session.identityId ?? 'none any more'],
    ['state', session.state],
    ['assurance', session.assurance],
    ['door', session.door ?? 'unknown'],
    ['scopes', session.scopes.join(' ')],
    ['bound', session.isBound ? 'to a device key' : 'no'],
    ['opened', session.createdAt],
    ['authenticated', session.authenticatedAt],
    ['last used', session.lastUsedAt],
    ['expires', session.expiresAt],
    ['ended', session.endedAt === null ? '' : `${session.endedAt} ${session.endReason ?? ''}`],
  ];
  return { json: session, text: fields(rows) };
};

export const revoke: Connected = async (call, app) => {
  const { endedSessions } = await app.get(AccountService).revoke(await targetOf(call, app));
  return { json: { endedSessions }, text: `${endedSessions} session(s) ended` };
};

async function targetOf(call: Call, app: INestApplicationContext): Promise<RevocationTarget> {
  const kinds = ['user', 'session', 'bot', 'rapidpace-of'].filter((name) => call.has(name));
  if (kinds.length !== 1) throw new UsageError('Pass one of --user, --session, --bot and --rapidpace-of.');
  if (call.has('bot'))
    return { bot: bot(call, call.required('bot')), since: instant('since', call.required('since')) };
  if (call.has('rapidpace-of'))
    return {
      vendorOf: uuid('rapidpace-of', call.required('rapidpace-of')),
      since: instant('since', call.required('since')),
    };
  if (call.has('since')) throw new UsageError('--since goes with --bot and --rapidpace-of.');
  if (call.has('session')) return { sessionId: uuid('session', call.required('session')) };
  const userId = uuid('user', call.required('user'));
  // Of a merged account, the surviving account's.
  return { userId: await app.get(UsersService).resolveId(userId) };
}

function filterOf(call: Call): Parameters<ListedSessions['list']>[0] {
  if (!call.has('user') && (call.has('application') || call.has('state')))
    throw new UsageError('--application and --state go with --user: there is no index for them alone.');
  return {
    userId: ifGiven(call, 'user', uuid) ?? null,
    applicationId: ifGiven(call, 'application', uuid) ?? null,
    state: chooseIfGiven(call, 'state', sessionStates) ?? null,
  };
}
