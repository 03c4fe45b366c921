import {
  AdminUserDetailResponse,
  AdminUserResponse,
  revealedFields,
  UserActs,
  UserLookups,
  UserReveals,
  type KnownOfUser,
} from '@countersign/account';
import { readUpTo } from '@countersign/admin';
import { UserDirectory } from '@countersign/users';
import { choose, chooseIfGiven, ifGiven, reasonOf, uuid, type Call, type Connected } from '../command';
import { instant } from '../instant';
import { limitOf } from '../limit-option';
import { listing, table } from '../list-output';
import { UsageError } from '../usage';
import { environments, userStatuses } from '../words';

export const list: Connected = async (call, app) => {
  const filter = {
    status: chooseIfGiven(call, 'status', userStatuses),
    createdAfter: ifGiven(call, 'created-after', instant),
    createdBefore: ifGiven(call, 'created-before', instant),
  };
  const found = await readUpTo(
    limitOf(call),
    (keyset) => app.get(UserDirectory).list(filter, keyset),
    ({ userId }) => userId,
  );
  const items = found.map((user) => AdminUserResponse.of(user));
  const rows = items.map((user) => [
    user.userId,
    user.status,
    user.createdAt,
    user.lastSeenOn ?? '-',
    user.providers.join(','),
    user.erasesAt ?? '-',
  ]);
  const headings = ['user', 'status', 'created', 'last seen', 'platforms', 'erased at'];
  return { json: items, text: rows.length === 0 ? 'None' : table(headings, rows) };
};

export const show: Connected = async (call, app) => {
  const userId = userOf(call);
  const user = AdminUserDetailResponse.ofId(userId, await app.get(UserDirectory).get(userId));
  return { json: user, text: listing(user) };
};

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

export const find: Connected = async (call, app) => {
  const userIds = await app.get(UserLookups).find(knownOf(call));
  return { json: { userIds }, text: userIds.join('\n') || 'None' };
};

export const reveal: Connected = async (call, app) => {
  const fields = call.all('field').map((field) => choose('field', field, revealedFields));
  if (fields.length === 0) throw new UsageError('--field is missing.');
  const wanted = { identityId: ifGiven(call, 'identity', uuid) ?? null, fields, reason: reasonOf(call) };
  const shown = await app.get(UserReveals).reveal(userOf(call), wanted);
  const ofIdentities = shown.identities.map(({ fields: texts, ...identity }) =>
    listing({ ...identity, ...texts }),
  );
  const ofProfile = Object.keys(shown.profile).length === 0 ? [] : [listing(shown.profile)];
  return { json: shown, text: [`User ${shown.userId}`, ...ofIdentities, ...ofProfile].join('\n\n') };
};

const DIGITS = /^[1-9]\d{0,18}$/;

function knownOf(call: Call): KnownOfUser {
  const ways = ['telegram-id', 'openweb3-id', 'session', 'user'].filter((name) => call.has(name));
  if (ways.length !== 1)
    throw new UsageError('Pass one of --telegram-id, --openweb3-id, --session and --user.');
  const isOfPlatform = call.has('telegram-id') || call.has('openweb3-id');
  if (call.has('environment') && !isOfPlatform)
    throw new UsageError('--environment goes with --telegram-id and --openweb3-id.');
  const environment = chooseIfGiven(call, 'environment', environments) ?? 'production';
  if (call.has('telegram-id')) return { telegramId: digits(call, 'telegram-id'), environment };
  if (call.has('openweb3-id')) return { openweb3Id: digits(call, 'openweb3-id'), environment };
  if (call.has('session')) return { sessionId: uuid('session', call.required('session')) };
  return { userId: uuid('user', call.required('user')) };
}

function digits(call: Call, name: string): string {
  const text = call.required(name);
  if (!DIGITS.test(text)) throw new UsageError(`--${name} must be digits.`);
  return text;
}

function userOf(call: Call): string {
  return uuid('user', call.positionals[0] ?? call.required('user'));
}
