import type { INestApplicationContext } from '@nestjs/common';
import {
  AdminUserResponse,
  FoundUsersResponse,
  readKnownWallet,
  revealedFields,
  RevealRequestResponse,
  RevealRequests,
  UserActs,
  UserDetails,
  UserLookups,
  UserReveals,
  type KnownOfUser,
  type KnownWallet,
} from '@countersign/account';
import { readUpTo } from '@countersign/admin';
import { UserReferrals } from '@countersign/referrals';
import { UserDirectory } from '@countersign/users';
import {
  choose,
  chooseIfGiven,
  ifGiven,
  reasonOf,
  uuid,
  uuidArgument,
  type Answer,
  type Call,
  type Connected,
} from '../command';
import { exitCodes } from '../exit-codes';
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
  const user = await app.get(UserDetails).read(userOf(call));
  const joins = user.joins.map(({ askedAt, applicationId, state }) => `${askedAt} ${applicationId} ${state}`);
  return { json: user, text: listing({ ...user, joins }) };
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
  const found = FoundUsersResponse.of(await app.get(UserLookups).find(knownOf(call)));
  const { userIds, holders, isComplete = true } = found;
  const rows = holders?.map(({ userId, heldAt }) => [userId, heldAt ?? '-']) ?? [];
  const lines = holders && rows.length > 0 ? table(['user', 'held at'], rows) : userIds.join('\n');
  const rest = isComplete ? [] : ['Not all accounts can be found yet'];
  const exitCode = userIds.length > 0 ? exitCodes.ok : exitCodes.notFound;
  return { json: found, text: [lines || 'None', ...rest].join('\n'), exitCode };
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

export const listReveals: Connected = async (call, app) => {
  const found = await readUpTo(
    limitOf(call),
    (keyset) => app.get(RevealRequests).list(keyset),
    ({ id }) => id,
  );
  const items = found.map((request) => RevealRequestResponse.of(request));
  const rows = items.map(({ revealRequestId, actor, act, userId, fields, reason, expiresAt }) => [
    revealRequestId,
    actor,
    userId,
    act === 'export' ? 'all, by an export' : fields.join(','),
    reason,
    expiresAt,
  ]);
  const headings = ['request', 'by', 'user', 'fields', 'reason', 'expires'];
  return { json: items, text: rows.length === 0 ? 'None' : table(headings, rows) };
};

export const listReferrals: Connected = async (call, app) => {
  const items = await app.get(UserReferrals).list(userOf(call));
  const rows = items.map(({ applicationId, source, code, referrers, counts }) => [
    applicationId,
    code ?? '-',
    source ?? '-',
    referrers.map(({ userId }) => userId ?? 'erased').join(', ') || '-',
    counts.join(' '),
  ]);
  const headings = ['application', 'code', 'source', 'referrers', 'people below'];
  return { json: items, text: rows.length === 0 ? 'None' : table(headings, rows) };
};

export const approveReveal: Connected = (call, app) => decide(call, app, 'approved');
export const declineReveal: Connected = (call, app) => decide(call, app, 'declined');

async function decide(
  call: Call,
  app: INestApplicationContext,
  decision: 'approved' | 'declined',
): Promise<Answer> {
  const requestId = uuidArgument(call, 'requestId');
  const decided = RevealRequestResponse.of(await app.get(RevealRequests).decide(requestId, decision));
  return { json: decided, text: `Request ${requestId} is ${decision}` };
}

const DIGITS = /^[1-9]\d{0,18}$/;
const USERNAME = /^@?\S{1,64}$/;
const PHONE = /^\+?[1-9](?:[ ().-]{0,3}[0-9]){6,14}$/;
const CHAIN_ID = /^eip155:[1-9]\d{0,14}$/;
const WAYS = ['telegram-id', 'openweb3-id', 'wallet', 'username', 'phone', 'session', 'user'] as const;

function knownOf(call: Call): KnownOfUser {
  const ways = WAYS.filter((name) => call.has(name));
  if (ways.length !== 1)
    throw new UsageError(
      'Pass one of --telegram-id, --openweb3-id, --wallet, --username, --phone, --session and --user.',
    );
  const isOfPlatform = call.has('telegram-id') || call.has('openweb3-id');
  if (call.has('environment') && !isOfPlatform && !call.has('wallet'))
    throw new UsageError('--environment goes with --telegram-id, --openweb3-id and --wallet.');
  if (call.has('chain') && !call.has('wallet')) throw new UsageError('--chain goes with --wallet.');
  if (call.has('wallet')) return { wallet: walletOf(call) };
  const environment = chooseIfGiven(call, 'environment', environments) ?? 'production';
  if (call.has('telegram-id'))
    return { telegramId: matching(call, 'telegram-id', DIGITS, 'digits'), environment };
  if (call.has('openweb3-id'))
    return { openweb3Id: matching(call, 'openweb3-id', DIGITS, 'digits'), environment };
  if (call.has('session')) return { sessionId: uuid('session', call.required('session')) };
  if (call.has('username')) return { username: matching(call, 'username', USERNAME, 'a username') };
  if (call.has('phone'))
    return { phone: matching(call, 'phone', PHONE, 'a phone number with its country code') };
  return { userId: uuid('user', call.required('user')) };
}

function walletOf(call: Call): KnownWallet {
  const environment = chooseIfGiven(call, 'environment', environments) ?? null;
  const chainId = call.has('chain') ? matching(call, 'chain', CHAIN_ID, 'eip155:<number>') : null;
  const wallet = readKnownWallet({ address: call.required('wallet'), environment, chainId });
  if (wallet) return wallet;
  throw new UsageError('--wallet must be the address of a wallet of this chain and this environment.');
}

function matching(call: Call, name: string, pattern: RegExp, what: string): string {
  const text = call.required(name);
  if (!pattern.test(text)) throw new UsageError(`--${name} must be ${what}.`);
  return text;
}

function userOf(call: Call): string {
  return uuidArgument(call, 'userId', 'user');
}
