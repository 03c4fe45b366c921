import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { anOperator } from '../support/operator';
import { rowsReadBy } from '../support/plans';
import type { TestApp } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';

const PEOPLE = 20_000;
const LIMIT = 20;
/** One row more than the page, and those that a filter of most rows leaves out. */
const MOST_READ = 2 * (LIMIT + 1);
const OF_PEOPLE = /^\s*SELECT[^]*\b(users|identities|user_\w+)\b/;

/** One in a hundred is deactivated, or of OpenWeb3; one in fifty was linked. */
const GENERATED = [
  `CREATE FUNCTION made_id(at timestamptz, index int) RETURNS uuid LANGUAGE sql AS $$
     SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7000' || '8' || lpad(to_hex(index), 15, '0'))::uuid
   $$`,
  `INSERT INTO users (id, status, data_key, audit_pseudonym, created_at, updated_at)
   SELECT made_id(at, index), CASE WHEN index % 100 = 0 THEN 'deactivated' ELSE 'active' END, 'v1:gone', gen_random_uuid(), at, at
   FROM generate_series(1, ${PEOPLE}) AS index, LATERAL (SELECT now() - interval '1 second' * (${PEOPLE} - index + 10)) AS made(at)`,
  `INSERT INTO identities (id, user_id, provider, environment, content, profile_made_at, created_at, updated_at, cap,
     attached_at, attached_by, attached_with)
   SELECT id, id, CASE WHEN n % 100 = 0 THEN 'openweb3' ELSE 'telegram' END, 'production', 'v1:gone', created_at, created_at, created_at, 'platform',
     CASE WHEN n % 50 = 1 THEN created_at END, CASE WHEN n % 50 = 1 THEN 'link' END,
     CASE WHEN n % 50 = 1 THEN ARRAY['telegram/production/7'] ELSE '{}' END
   FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM users WHERE data_key = 'v1:gone') AS made`,
  `INSERT INTO user_applications (user_id, application_id, first_seen_on, last_seen_on)
   SELECT users.id, applications.id, current_date, current_date FROM users, applications WHERE data_key = 'v1:gone'`,
  'ANALYZE users, identities, user_applications, user_erasures, user_aliases',
];

describe('pages of people', () => {
  const app = useTestApp();
  useApplication(app);

  beforeAll(async () => {
    for (const statement of GENERATED) await app.database.query(statement);
  });

  it.each([
    'users?',
    'users?status=active&',
    'users?status=deactivated&',
    'identities?',
    'identities?provider=telegram&',
    'identities?provider=openweb3&',
    'identities?attachedSince=2000-01-01T00:00:00Z&',
    'identities?bot=telegram/production/7&',
  ])('read no more of %s than they answer, also deep in the list', async (list) => {
    const operator = await anOperator(app);
    const { body } = await operator.get(`/v1/admin/${list}limit=150`);
    const { items, nextCursor } = body as { items: object[]; nextCursor: string };
    expect(items).toHaveLength(150);
    for (const query of [`limit=${LIMIT}`, `limit=${LIMIT}&cursor=${nextCursor}`]) {
      const statements = await readsOf(app, `/v1/admin/${list}${query}`, OF_PEOPLE);
      expect(statements.length).toBeGreaterThan(0);
      for (const statement of statements)
        for (const mode of ['auto', 'force_generic_plan'] as const)
          expect(await readBy(app, statement, mode)).toBeLessThanOrEqual(MOST_READ);
    }
  });

  it('read an account and its identities by their ids', async () => {
    const operator = await anOperator(app);
    const { body } = await operator.get('/v1/admin/users?limit=1');
    const [{ userId } = { userId: '' }] = (body as { items: { userId: string }[] }).items;
    for (const path of [`users/${userId}`, `identities?userId=${userId}`])
      for (const statement of await readsOf(app, `/v1/admin/${path}`, OF_PEOPLE))
        expect(await readBy(app, statement, 'force_generic_plan')).toBeLessThanOrEqual(2);
  });
});

/** What a request reads of some tables, with its parameters. */
async function readsOf(app: TestApp, path: string, tables: RegExp): Promise<readonly Statement[]> {
  const operator = await anOperator(app);
  const spy = jest.spyOn(Client.prototype, 'query');
  try {
    await operator.get(path).expect(200);
    return spy.mock.calls.map(toStatement).filter(({ text }) => tables.test(text));
  } finally {
    spy.mockRestore();
  }
}

/** Rows of tables that its plan reads, for these parameters (`auto`) or for any. */
async function readBy(
  app: TestApp,
  { text, values }: Statement,
  mode: 'auto' | 'force_generic_plan',
): Promise<number> {
  const runner = app.nest.get(DataSource).createQueryRunner();
  try {
    await runner.query(`SET plan_cache_mode = ${mode}`);
    await runner.query(`PREPARE page AS ${text}`);
    return await rowsReadBy((query) => runner.query(query), 'page', values);
  } finally {
    await runner.query('DEALLOCATE page');
    await runner.query('RESET plan_cache_mode');
    await runner.release();
  }
}

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

function toStatement([first, second]: readonly unknown[]): Statement {
  const { text, values = [] } = (
    typeof first === 'string' ? { text: first, values: second } : first
  ) as Partial<Statement>;
  return { text: text ?? '', values: Array.isArray(values) ? values : [] };
}
