import type { KnownOfUser } from '@countersign/account';
import {
  choose,
  chooseIfGiven,
  ifGiven,
  instant,
  onlyOne,
  reasonOf,
  uuid,
  uuidArgument,
  uuidOption,
  type Call,
} from '../call';
import { command, group, oneOf, readUpTo, repeated, type Libs, type Takes } from '../declaration';
import { UsageError } from '../errors';
import { exitCodes } from '../exit-codes';
import { limit, reason } from '../options';
import { listing, table } from '../output';
import { environments, userStatuses } from '../words';

const one: Takes = { '<userId>': 'the account' };

export const user = group('user', 'accounts', {
  export: command('print everything that is stored about a person, as one JSON document', {
    ...one,
    ...reason,
  }).act(async (call, app, { account }) => {
    const why = reasonOf(call);
    let text = '';
    for await (const piece of await app.get(account.UserActs).export(userOf(call), why)) text += piece;
    const json = JSON.parse(text) as object;
    return { json, text: JSON.stringify(json, null, 2) };
  }),
  erase: command('close an account now, and erase it after ERASURE_DAYS', {
    ...one,
    ...reason,
    '--now': 'erase it at once',
    '--forfeit <id>': repeated('what is lost for good, such as an embedded wallet with its money'),
  }).act(async (call, app, { account }) => {
    const acts = app.get(account.UserActs);
    const forfeit = call.all('forfeit').map((id) => uuid('forfeit', id));
    const wanted = { reason: reasonOf(call), now: call.has('now'), forfeit };
    const changed = await acts.erase(userOf(call), wanted);
    const { userId } = changed;
    const erasesAt = changed.erasesAt?.toISOString() ?? null;
    const text =
      erasesAt === null ? `User ${userId} is erased` : `User ${userId} will be erased at ${erasesAt}`;
    return { json: { userId, erasesAt }, text };
  }),
  'cancel-erasure': command(
    'take back an erasure, unless its person requested it with what the platform itself signed',
    { ...one, ...reason },
  ).act(async (call, app, { account }) => {
    const { userId } = await app.get(account.UserActs).cancelErasure(userOf(call), reasonOf(call));
    return { json: { userId, erasesAt: null }, text: `User ${userId} will not be erased` };
  }),
  list: command('list accounts, newest first, without personal fields', {
    '--status <status>': oneOf(userStatuses, 'only those in this state'),
    '--created-after <instant>': 'only those created at this instant or later',
    '--created-before <instant>': 'only those created before this instant',
    ...limit,
  }).list({
    read: async (call, app, { account, users }) => {
      const filter = {
        status: chooseIfGiven(call, 'status', userStatuses),
        createdAfter: ifGiven(call, 'created-after', instant),
        createdBefore: ifGiven(call, 'created-before', instant),
      };
      const directory = app.get(users.UserDirectory);
      const found = await readUpTo(call, (keyset) => directory.list(filter, keyset), 'userId');
      return found.map((row) => account.AdminUserResponse.of(row));
    },
    columns: {
      user: 'userId',
      status: 'status',
      created: 'createdAt',
      'last seen': 'lastSeenOn',
      platforms: 'providers',
      'erased at': 'erasesAt',
    },
    none: 'None',
  }),
  show: command(
    'show an account, without personal fields; for the id of a merged one the surviving one',
    one,
  ).act(async (call, app, { account }) => {
    const json = await app.get(account.UserDetails).read(userOf(call));
    const joins = json.joins.map(
      ({ askedAt, applicationId, state }) => `${askedAt} ${applicationId} ${state}`,
    );
    return { json, text: listing({ ...json, joins }) };
  }),
  find: command(
    'find an account by one of --telegram-id, --openweb3-id, --wallet, --username, --session and --user',
    {
      '--telegram-id <id>': 'id of the person at Telegram',
      '--openweb3-id <id>': 'id of the person at OpenWeb3',
      '--wallet <address>': 'address of a linked wallet',
      '--username <username>': 'username at a platform, where the installation has it switched on',
      '--session <sessionId>': 'a session, live or not',
      '--user <userId>': 'an id of an account, also of a merged one',
      '--environment <environment>': oneOf(environments, 'environment of the platform or the wallet'),
    },
  ).act(async (call, app, { account }) => {
    const known = knownOf(call, account);
    const json = account.FoundUsersResponse.of(await app.get(account.UserLookups).find(known));
    const { userIds, holders, isComplete = true } = json;
    const rows = holders?.map(({ userId, heldAt }) => [userId, heldAt ?? '-']) ?? [];
    const lines = holders && rows.length > 0 ? table(['user', 'held at'], rows) : userIds.join('\n');
    const rest = isComplete
      ? []
      : [
          'Not all accounts can be found yet: this takes about two minutes from when the look-up was switched on',
        ];
    const exitCode = userIds.length > 0 ? exitCodes.ok : exitCodes.notFound;
    return { json, text: [lines || 'None', ...rest].join('\n'), exitCode };
  }),
  reveal: command('show personal fields of an account', {
    ...one,
    '--field <field>': repeated('such as identity.username or profile.displayName'),
    '--identity <identityId>': 'fields of this identity only',
    ...reason,
  }).act(async (call, app, { account }) => {
    const fields = call.all('field').map((field) => choose('field', field, account.revealedFields));
    if (fields.length === 0) throw new UsageError('--field is missing.');
    const identityId = ifGiven(call, 'identity', uuid) ?? null;
    const wanted = { identityId, fields, reason: reasonOf(call) };
    const json = await app.get(account.UserReveals).reveal(userOf(call), wanted);
    const ofIdentities = json.identities.map(({ fields: texts, ...identity }) =>
      listing({ ...identity, ...texts }),
    );
    const ofProfile = Object.keys(json.profile).length === 0 ? [] : [listing(json.profile)];
    return { json, text: [`User ${json.userId}`, ...ofIdentities, ...ofProfile].join('\n\n') };
  }),
  set: command('change the state of an account; deactivating ends its sessions', {
    '[userId]': 'the account',
    '--user <userId>': 'the account, instead of the argument',
    '--status <status>': oneOf(userStatuses, 'state of the account', { isNeeded: true }),
  }).act(async (call, app, { account }) => {
    const status = choose('status', call.required('status'), userStatuses);
    const json = await app.get(account.UserActs).setStatus(uuidArgument(call, 'userId', 'user'), status);
    return { json, text: `User ${json.userId} is ${status}; ${json.endedSessions} session(s) ended` };
  }),
});

const DIGITS = /^[1-9]\d{0,18}$/;
const USERNAME = /^@?\S{1,64}$/;
const WAYS = ['telegram-id', 'openweb3-id', 'wallet', 'username', 'session', 'user'] as const;

function knownOf(call: Call, { readKnownWallet }: Libs['account']): KnownOfUser {
  const way = onlyOne(call, WAYS);
  if (call.has('environment') && !['telegram-id', 'openweb3-id', 'wallet'].includes(way))
    throw new UsageError('--environment goes with --telegram-id, --openweb3-id and --wallet.');
  const given = chooseIfGiven(call, 'environment', environments);
  const environment = given ?? 'production';
  switch (way) {
    case 'telegram-id':
      return { telegramId: matching(call, way, DIGITS, 'digits'), environment };
    case 'openweb3-id':
      return { openweb3Id: matching(call, way, DIGITS, 'digits'), environment };
    case 'session':
      return { sessionId: uuidOption(call, way) };
    case 'username':
      return { username: matching(call, way, USERNAME, 'a username') };
    case 'user':
      return { userId: uuidOption(call, way) };
    case 'wallet': {
      const address = call.required(way);
      const wallet = readKnownWallet({ address, environment: given ?? null });
      if (wallet) return { wallet };
      throw new UsageError('--wallet must be the address of a wallet of this environment.');
    }
  }
}

function matching(call: Call, name: string, pattern: RegExp, what: string): string {
  const text = call.required(name);
  if (!pattern.test(text)) throw new UsageError(`--${name} must be ${what}.`);
  return text;
}

function userOf(call: Call): string {
  return uuidArgument(call, 'userId');
}
