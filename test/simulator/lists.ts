import { asPerson, type Step } from './act';
import type { Model } from './model';
import { given, pickAt } from './random';
import type { Difference } from './tables';
import type { Answer, World } from './world';

/**
 * A path, the rows that the list has to answer, and the things that `*` may name. A field that is named like a column has its
 * value. `$1` is the thing of the path, or the account that reads.
 */
type List = readonly [path: string, rows: string, of?: string];

const SESSION = `id AS session_id, application_id, user_id, identity_id, assurance, created_at, door,
  ended_by, step_up_expires_at, least(idle_expires_at, expires_at) AS expires_at`;
const IDENTITY = 'id AS identity_id, user_id, provider, environment, created_at';
const USERS = 'id FROM users ORDER BY 1';
const APPLICATIONS = 'id FROM applications ORDER BY 1';
/** `$1` is the person, `$2` the application of the session. */
const ONESELF = '$1::uuid AS id, $2::uuid AS application_id';
const TEAMS_OF_PERSON = 'team_id AS id FROM team_members WHERE user_id = $1';
const TEAMS_OF_SESSION = `${TEAMS_OF_PERSON} AND team_id IN (SELECT id FROM teams WHERE application_id = $2)`;

const OPERATOR_LISTS: readonly List[] = [
  ['users', 'id AS user_id, status, created_at FROM users'],
  ['sessions', `${SESSION} FROM sessions`],
  ['identities', `${IDENTITY} FROM identities`],
  ['teams', 'id AS team_id, * FROM teams'],
  ['wallets', 'id AS wallet_id, * FROM wallets'],
  ['boards', 'id AS board_id, * FROM boards'],
  ['applications', 'id AS application_id, name, trust, created_at FROM applications'],
  ['bots', '* FROM bots'],
  ['principals', 'id AS principal_id, * FROM principals'],
  ['webhooks', 'id AS endpoint_id, * FROM webhook_endpoints'],
  ['users?status=deactivated', `id AS user_id FROM users WHERE status = 'deactivated'`],
  ['audit?action=team.created', `* FROM audit_records WHERE action = 'team.created'`],
  ['audit?action=user.merged', `* FROM audit_records WHERE action = 'user.merged'`],
  ['users/*/sessions', `${SESSION} FROM sessions WHERE user_id = $1`, USERS],
  ['teams?userId=*', `id AS team_id, * FROM teams WHERE id IN (SELECT ${TEAMS_OF_PERSON})`, USERS],
  ['identities?userId=*', `${IDENTITY} FROM identities WHERE user_id = $1`, USERS],
  ['wallets?userId=*', 'id AS wallet_id FROM wallets WHERE user_id = $1', USERS],
  ['teams/*/members', '* FROM team_members WHERE team_id = $1', 'id FROM teams'],
  ['teams?applicationId=*', 'id AS team_id, * FROM teams WHERE application_id = $1', APPLICATIONS],
  [
    'applications/*/secrets',
    'id AS secret_id, * FROM client_secrets WHERE application_id = $1',
    APPLICATIONS,
  ],
  ['boards/*/seasons', 'id AS season_id, * FROM board_seasons WHERE board_id = $1', 'id FROM boards'],
  [
    'webhooks/*/deliveries',
    'event_id, type, occurred_at, state FROM webhook_deliveries WHERE endpoint_id = $1',
    'id FROM webhook_endpoints',
  ],
];

const PERSON_LISTS: readonly List[] = [
  [
    'me/sessions',
    `${SESSION} FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND least(idle_expires_at, expires_at) > '$now'`,
    ONESELF,
  ],
  ['me/identities', `${IDENTITY} FROM identities WHERE user_id = $1`, ONESELF],
  ['wallets', 'id AS wallet_id, * FROM wallets WHERE user_id = $1', ONESELF],
  ['teams/*/members', 'user_id, role, joined_at FROM team_members WHERE team_id = $1', TEAMS_OF_SESSION],
  [
    'teams/*/invitations',
    'id AS invitation_id, * FROM team_invitations WHERE team_id = $1',
    `${TEAMS_OF_SESSION} AND role = 'owner'`,
  ],
];

/** The name of the id in each administration list whose rows can also be read one at a time. */
const ID_OF: Readonly<Record<string, string>> = {
  users: 'userId',
  sessions: 'sessionId',
  identities: 'identityId',
  teams: 'teamId',
  wallets: 'walletId',
  boards: 'boardId',
  applications: 'applicationId',
  bots: 'id',
  principals: 'principalId',
  webhooks: 'endpointId',
};

type Row = Readonly<Record<string, unknown>>;

/** Reads all pages of a list. An operator then reads one of its things alone. @returns null where there is nothing to read */
export async function readList(world: World, model: Model, step: Step, byOperator: boolean) {
  const { access: token } = world.device(step.who);
  const session = token === null ? null : model.sessionOfAccess(token);
  const userId = session && model.users[session.user]?.id;
  if (!byOperator && (token === null || !userId || model.accepts(token).isAccepted !== true)) return null;
  const { stage } = world;
  const [path, text, of] = pickAt(byOperator ? OPERATOR_LISTS : PERSON_LISTS, step.choice);
  const reader = byOperator ? [] : [userId, world.applicationOf(given(session)).id];
  const things = of ? await stage.query<{ id: string }>(`SELECT ${of}`, reader) : [];
  if (of && things.length === 0) return null;
  const thing = of ? [pickAt(things, (step.choice * 977) % 1).id] : [];
  const left = await stage.query<Row>(
    `SELECT ${text.replace('$now', stage.clock.now().toISOString())}`,
    thing,
  );
  if (!byOperator) model.use(given(token));
  const named = path.replace('*', thing[0] ?? '');
  const call = byOperator
    ? await world.asOperator(step.replica, 'GET', named)
    : asPerson(given(token), 'GET', `/v1/${named}`);
  const ask = (query: string): Promise<Answer> =>
    world.call(step.replica, { ...call, path: `${call.path}${query}` });

  const differences: Difference[] = [];
  const differs = (expected: unknown, found: unknown): void => {
    differences.push({ invariant: 'lists', what: `the list ${named}`, expected, found });
  };
  const limit = Math.min(100, Math.ceil(left.length / 3) + 1);
  const pages = path.endsWith('secrets') ? '' : `${path.includes('?') ? '&' : '?'}limit=${limit}`;
  const items: Row[] = [];
  let cursor = '';
  do {
    const { status, body } = await ask(pages + cursor);
    if (status !== 200) differs('status 200', { status, body });
    items.push(...((body['items'] ?? []) as readonly Row[]));
    cursor = typeof body['nextCursor'] === 'string' ? `&cursor=${body['nextCursor']}` : '';
  } while (cursor !== '' && items.length < 10_000);
  const unknown = items.filter((item) => {
    const index = left.findIndex((row) => isOf(item, row));
    return index < 0 || left.splice(index, 1).length === 0;
  });
  if (unknown.length + left.length > 0) differs(left.slice(0, 2), unknown.slice(0, 2));
  const idField = ID_OF[path];
  if (byOperator && items.length > 0 && idField !== undefined) {
    const item = pickAt(items, (step.choice * 977) % 1);
    const { body } = await ask(`/${String(item[idField])}`);
    if (!isOf(item, body, (field) => field)) differs(item, body);
  }
  return { name: `${byOperator ? 'admin' : 'own'} list: ${path}`, differences };
}

function isOf(item: Row, row: Row, columnOf = columnNamed): boolean {
  return Object.entries(item).every(([field, value]) => {
    const column = columnOf(field);
    return !(column in row) || isSealed(row[column]) || textOf(row[column]) === textOf(value);
  });
}

function columnNamed(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isSealed(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('v1:');
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : JSON.stringify(String(value));
}
