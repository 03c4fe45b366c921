import type { INestApplicationContext } from '@nestjs/common';
import { AccountService, UserActs, type RevocationTarget } from '@countersign/account';
import { UsersService } from '@countersign/users';
import { bot } from '../bot-options';
import { choose, reasonOf, uuid, type Call, type Connected } from '../command';
import { instant } from '../instant';
import { UsageError } from '../usage';
import { userStatuses } from '../words';

export const setUser: Connected = async (call, app) => {
  const status = choose('status', call.required('status'), userStatuses);
  const changed = await app.get(UserActs).setStatus(userOf(call), status);
  const text = `User ${changed.userId} is ${status}; ${changed.endedSessions} session(s) ended`;
  return { json: changed, text };
};

export const exportUser: Connected = async (call, app) => {
  const reason = reasonOf(call);
  let text = '';
  for await (const piece of await app.get(UserActs).export(userOf(call), reason)) text += piece;
  const json = JSON.parse(text) as object;
  return { json, text: JSON.stringify(json, null, 2) };
};

export const eraseUser: Connected = async (call, app) => {
  const changed = await app.get(UserActs).erase(userOf(call), reasonOf(call), call.has('now'));
  const { userId } = changed;
  const erasesAt = changed.erasesAt?.toISOString() ?? null;
  const text =
    erasesAt === null ? `User ${userId} is erased` : `User ${userId} will be erased at ${erasesAt}`;
  return { json: { userId, erasesAt }, text };
};

export const cancelErasure: Connected = async (call, app) => {
  const { userId } = await app.get(UserActs).cancelErasure(userOf(call), reasonOf(call));
  return { json: { userId, erasesAt: null }, text: `User ${userId} will not be erased` };
};

export const revokeSessions: Connected = async (call, app) => {
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
  return { userId: await currentId(app, call.required('user')) };
}

function userOf(call: Call): string {
  return uuid('user', call.positionals[0] ?? call.required('user'));
}

/** Of a merged account, the surviving account's. */
async function currentId(app: INestApplicationContext, userId: string): Promise<string> {
  return app.get(UsersService).resolveId(uuid('user', userId));
}
