import { UserActs } from '@countersign/account';
import { choose, reasonOf, uuid, type Call, type Connected } from '../command';
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

function userOf(call: Call): string {
  return uuid('user', call.positionals[0] ?? call.required('user'));
}
