import { SESSION_RETENTION, type Model, type Session, type User } from './model';

/** What the database stores, read as the superuser. Times are seconds since 1970. */
export type Tables = Readonly<Record<keyof typeof QUERIES, readonly Row[]>> & {
  readonly broken: readonly Difference[];
};

interface Row {
  readonly id: string;
  readonly user?: string;
  readonly name?: string;
  readonly createdAt?: number;
  readonly openedAt?: number;
  readonly idleUntil?: number;
  readonly count?: number;
  readonly [column: string]: unknown;
}

export interface Difference {
  readonly invariant: string;
  readonly what: string;
  readonly expected: unknown;
  readonly found: unknown;
}

type Query = <Row>(text: string, parameters?: readonly unknown[]) => Promise<Row[]>;

const seconds = (column: string, name: string): string =>
  `extract(epoch FROM ${column})::float8 AS "${name}"`;

/** Types of events that an endpoint asks for. */
export const EVENTS = [
  'session.ended',
  'session.opened',
  'team.created',
  'team.ownership_transferred',
  'team_member.joined',
  'team_member.left',
  'team_member.role_changed',
  'user.created',
  'user.erased',
  'user.merged',
  'user.separated',
  'user.status_changed',
] as const;

const AUDITED = [
  'board.scores_sent',
  'session.reentered',
  'team.created',
  'team.ownership_transferred',
  'team_member.joined',
  'team_member.left',
  'team_member.role_changed',
  'user.created',
  'user.erased',
  'user.erasure_cancelled',
  'user.erasure_requested',
  'user.merged',
  'user.separated',
  'user.status_changed',
];

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
const VISITORS = `SELECT user_id FROM user_applications WHERE application_id = '$visits'`;
/** Events and audit records are counted by type, since `$since`. */
const QUERIES = {
  users: `
  SELECT users.id, ${seconds('users.created_at', 'createdAt')}, status, ${seconds('auth_not_before', 'notBefore')},
    (SELECT count(*)::int FROM identities WHERE user_id = users.id) AS identities,
    ${seconds('erase_at', 'eraseAt')}, started_at IS NOT NULL AS "isStarted"
  FROM users LEFT JOIN user_erasures ON user_id = users.id WHERE users.id NOT IN (${VISITORS})`,
  sessions: `
  SELECT id, user_id AS "user", application_id AS application, ${seconds('created_at', 'openedAt')},
    ${seconds('expires_at', 'until')}, ${seconds('idle_expires_at', 'refreshUntil')},
    ${seconds('access_idle_expires_at', 'idleUntil')}, jsonb_array_length(rotations) AS rotations, end_reason AS "end"
  FROM sessions WHERE application_id <> '$visits'`,
  teams: `
  SELECT id, name, (SELECT array_agg(role || ' ' || user_id ORDER BY role || ' ' || user_id)
    FROM team_members WHERE team_id = teams.id) AS members
  FROM teams WHERE application_id <> '$visits'`,
  scores: `SELECT id, user_id AS "user", score::float8 AS score,
    (SELECT count(*)::int FROM board_seasons WHERE id < season_id) AS season
  FROM board_scores`,
  wallets: `SELECT id, user_id AS "user", kind = 'linked' AS "isLinked" FROM wallets
  WHERE user_id NOT IN (${VISITORS})`,
  seasons: `SELECT 'all' AS id, count(closed_at)::int AS closed FROM board_seasons`,
  event: `
  SELECT type AS id, count(*)::int AS count FROM events
  WHERE occurred_at > '$since' AND type IN (${quoted(EVENTS)})
    AND application_ids IS DISTINCT FROM ARRAY['$visits']::uuid[] GROUP BY 1`,
  audit: `
  SELECT action AS id, count(*)::int AS count FROM audit_records
  WHERE occurred_at > '$since' AND action IN (${quoted(AUDITED)})
    AND application_id IS DISTINCT FROM '$visits' GROUP BY 1`,
};

/** Rules that need no model. Each query finds the rows that break one. */
const RULES: Readonly<Record<string, string>> = {
  'one-owner': `
    SELECT teams.id, owner_id, member_count, count(*) FILTER (WHERE role = 'owner')::int AS owners, count(*)::int AS members
    FROM teams JOIN team_members ON team_id = teams.id GROUP BY teams.id
    HAVING count(*) FILTER (WHERE role = 'owner' AND user_id = owner_id) <> 1 OR count(*) <> member_count`,
  'sums-add-up': `
    SELECT entries.user_id, sort_key::float8 AS counted, sums.total::float8 AS total
    FROM (SELECT season_id, user_id, sum(score) AS total FROM board_scores GROUP BY 1, 2) AS sums
    FULL JOIN (SELECT * FROM board_entries WHERE user_id IS NOT NULL) AS entries USING (season_id, user_id)
    JOIN board_seasons ON board_seasons.id = season_id AND closed_at IS NULL
    WHERE abs(coalesce(sort_key, 0)) <> abs(coalesce(sums.total, 0))`,
  'one-identity': `
    SELECT count(*)::int AS digests, digest::text FROM identity_digests GROUP BY key_id, digest HAVING count(*) > 1`,
  'referral-order': `SELECT id, parent_id FROM referral_nodes WHERE parent_id >= id`,
  ranks: `
    SELECT season_id FROM board_entries WHERE user_id IS NOT NULL GROUP BY season_id, user_id HAVING count(*) > 1`,
  'event-per-delivery': `
    SELECT type, sequence FROM events WHERE occurred_at > '$since' AND type IN (${quoted(EVENTS)})
      AND NOT EXISTS (SELECT FROM webhook_deliveries WHERE event_id = events.id)`,
  'invitation-uses': `SELECT id FROM team_invitations WHERE use_count > max_uses`,
};

export async function readTables(
  queryAll: (texts: readonly string[]) => Promise<readonly (readonly never[])[]>,
  since: number,
  visits: string,
): Promise<Tables> {
  const from = new Date(since * 1_000).toISOString();
  const texts = [...Object.values(QUERIES), ...Object.values(RULES)];
  const results = await queryAll(
    texts.map((text) => text.replaceAll('$since', from).replaceAll('$visits', visits)),
  );
  const names = [...Object.keys(QUERIES), ...Object.keys(RULES)];
  const rows = Object.fromEntries(names.map((name, index) => [name, results[index] ?? []]));
  const broken = Object.keys(RULES).flatMap((invariant) =>
    (rows[invariant] ?? []).map((found) => ({ invariant, what: 'a row', expected: 'no such row', found })),
  );
  return { ...(rows as unknown as Tables), broken };
}

/** Rows that name an erased account. Events and deliveries name it by purpose, until they are removed. */
export async function rowsNaming(query: Query, userId: string): Promise<readonly string[]> {
  const columns = await query<{ table: string; column: string }>(
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'uuid' AND table_name !~ '^(events|audit_records|webhook_deliveries)'`,
  );
  const parts = columns.map(
    ({ table, column }) => `SELECT '${table}.${column}' AS place FROM "${table}" WHERE "${column}" = $1`,
  );
  return (await query<{ place: string }>(parts.join(' UNION '), [userId])).map(({ place }) => place);
}

/** Names what an unknown answer created, by the rows that no known answer explains. */
function adopt(model: Model, tables: Tables): void {
  const isKnown = (all: readonly { readonly id: string | null }[], id: string): boolean =>
    all.some((each) => each.id === id);
  for (const user of model.users)
    if (user.id === null && !user.isErased)
      user.id =
        tables.users.find((row) => row.createdAt === user.createdAt && !isKnown(model.users, row.id))?.id ??
        null;
  for (const session of model.sessions) {
    if (session.id !== null || session.isGone) continue;
    const userId = model.users[session.user]?.id;
    const found = tables.sessions.find(
      (row) => row.openedAt === session.openedAt && row.user === userId && !isKnown(model.sessions, row.id),
    );
    session.id = found?.id ?? null;
  }
  for (const wallet of model.wallets)
    wallet.id ??=
      tables.wallets.find(
        ({ id, user }) => user === model.users[wallet.user]?.id && !isKnown(model.wallets, id),
      )?.id ?? null;
  for (const team of model.teams)
    if (team.id === null && team.members.size > 0)
      team.id =
        tables.teams.find((row) => row.name === team.name && !isKnown(model.teams, row.id))?.id ?? null;
}

/**
 * Forgets sessions whose rows were removed in time.
 * @param isWritten no replica has uses that the rows do not have
 * @returns what the tables have otherwise than the model
 */
export function compare(
  model: Model,
  tables: Tables,
  applications: readonly string[],
  isWritten: boolean,
): readonly Difference[] {
  adopt(model, tables);
  // Scores of closed seasons are removed later on.
  for (const [id, { season }] of model.scores)
    if (season < model.season && !tables.scores.some((row) => row.id === id)) model.scores.delete(id);
  return [
    ...tables.broken,
    ...compareUsers(model, tables),
    ...compareSessions(model, tables, applications, isWritten),
    ...compareRows('team', teamsOf(model), byId(tables.teams)),
    ...compareRows('seasons', new Map([['all', { closed: model.season }]]), byId(tables.seasons)),
    ...compareRows('wallet', walletsOf(model), byId(tables.wallets)),
    ...compareRows('score', scoresOf(model), byId(tables.scores)),
    ...compareAdded(model, tables),
  ];
}

function compareUsers(model: Model, tables: Tables): readonly Difference[] {
  const described = (user: User): object => ({
    status: user.isActive ? 'active' : 'deactivated',
    notBefore: user.notBefore === 0 ? null : user.notBefore,
    identities:
      [...model.people.values()].filter((key) => key === user.key).length +
      model.wallets.filter((wallet) => wallet.user === user.key && wallet.isLinked).length,
    eraseAt: user.erasure?.eraseAt ?? null,
    isStarted: user.erasure?.isStarted ?? false,
  });
  const expected = model.users.filter(({ isErased }) => !isErased);
  const found = tables.users.map(({ createdAt: _, ...row }) => row as Row);
  return compareRows('user', mapOf(expected, described), byId(found));
}

function compareSessions(
  model: Model,
  tables: Tables,
  applications: readonly string[],
  isWritten: boolean,
): readonly Difference[] {
  const found = byId(tables.sessions);
  for (const session of model.sessions) {
    const overAt = Math.min(session.endedAt ?? Infinity, session.refreshUntil, session.until);
    if (session.id !== null && !found.has(session.id) && model.now - overAt >= SESSION_RETENTION)
      session.isGone = true;
  }
  const described = (session: Session): object => {
    const row = found.get(session.id ?? '');
    const idleUntil = row?.idleUntil ?? 0;
    const isBetween = session.idleAtLeast <= idleUntil && idleUntil <= session.idleUntil;
    if (isBetween && session.isUncertain && isWritten && session.mayBeUsedAt < model.now)
      session.idleUntil = session.idleAtLeast = idleUntil;
    return {
      user: model.users[session.user]?.id ?? null,
      application: applications[session.application],
      openedAt: session.openedAt,
      until: session.until,
      refreshUntil: session.refreshUntil,
      idleUntil: isBetween ? idleUntil : `${session.idleAtLeast} to ${session.idleUntil}`,
      rotations: session.rotations.length,
      end: session.end,
    };
  };
  const expected = model.sessions.filter(({ isGone }) => !isGone);
  return compareRows('session', mapOf(expected, described), found);
}

function teamsOf(model: Model): Map<string, object> {
  const described = ({ name, members }: Model['teams'][number]): object => ({
    name,
    members: [...members].map(([user, { role }]) => `${role} ${model.users[user]?.id}`).toSorted(),
  });
  return mapOf(
    model.teams.filter(({ members }) => members.size > 0),
    described,
  );
}

function scoresOf(model: Model): Map<string, object> {
  return new Map(
    [...model.scores].map(([id, { user, score, season }]) => [
      id,
      { user: model.users[user]?.id, score, season },
    ]),
  );
}

function walletsOf(model: Model): Map<string, object> {
  return mapOf(model.wallets, ({ user, isLinked }) => ({ user: model.users[user]?.id, isLinked }));
}

function byId(rows: readonly Row[]): ReadonlyMap<string, Partial<Row>> {
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

function mapOf<T extends { readonly id: string | null }>(all: readonly T[], describe: (one: T) => object) {
  return new Map(all.map((one, index) => [one.id ?? `without a row ${index}`, describe(one)]));
}

function compareAdded({ added }: Model, tables: Tables): readonly Difference[] {
  const differences: Difference[] = [];
  for (const [kind, names] of [
    ['event', EVENTS],
    ['audit', AUDITED],
  ] as const)
    for (const name of names) {
      const found = tables[kind].find(({ id }) => id === name)?.count ?? 0;
      const expected = added[name] ?? 0;
      const invariant = kind === 'event' ? 'event-per-change' : 'record-per-act';
      if (expected !== found) differences.push({ invariant, what: `${kind}s ${name}`, expected, found });
    }
  return differences;
}

function compareRows(
  what: string,
  expected: ReadonlyMap<string, object>,
  found: ReadonlyMap<string, object>,
): readonly Difference[] {
  const differences: Difference[] = [];
  for (const id of new Set([...expected.keys(), ...found.keys()])) {
    const [wanted, row] = [expected.get(id) ?? null, found.get(id) ?? null];
    if (JSON.stringify(wanted) === JSON.stringify(row)) continue;
    differences.push({ invariant: 'no-lost-change', what: `${what} ${id}`, expected: wanted, found: row });
  }
  return differences;
}
