import { RecurringJobs } from '@countersign/jobs';
import { columnsIn, declaredColumns, superfluous, undecided } from '../support/stored-columns';
import { until } from '../support/until';
import { useTestApp } from '../support/use-test-app';

describe('the columns of all tables', () => {
  const app = useTestApp({ environment: { JOBS: 'on' } });

  beforeAll(async () => {
    const { length } = app.nest.get(RecurringJobs).names;
    await until(async () => {
      const [queue] = await app.database
        .query<{ count: number }>('SELECT count(*)::int AS count FROM pgboss.schedule')
        .catch(() => []);
      return queue?.count === length;
    });
  });

  it('are personal and sealed, secret, or on the reviewed list', async () => {
    const columns = await columnsIn(app.database);

    expect(columns.length).toBeGreaterThan(100);
    expect(undecided(columns, declaredColumns(app))).toEqual([]);
  });

  it('are not on the list in vain, nor declared without being there', async () => {
    expect(superfluous(await columnsIn(app.database), declaredColumns(app))).toEqual([]);
  });

  it('hold text or bytes when they are sealed', async () => {
    const columns = await columnsIn(app.database);
    const declared = declaredColumns(app);
    const types = columns
      .filter(({ table, column }) => /personal|secret/.test(declared.get(`${table}.${column}`) ?? ''))
      .map(({ type }) => type);

    expect(types.length).toBeGreaterThan(10);
    expect(new Set(types)).toEqual(new Set(['text', 'bytea']));
  });

  it.each([
    ['a text', 'text', 'text'],
    ['a text with a limit', 'varchar(40)', 'character varying(40)'],
    ['JSON', 'jsonb', 'jsonb'],
    ['bytes', 'bytea', 'bytea'],
    ['a number', 'bigint', 'bigint'],
    ['a decimal number', 'numeric(12, 2)', 'numeric(12,2)'],
    ['an array', 'uuid[]', 'uuid[]'],
    ['an address', 'inet', 'inet'],
    ['a day', 'date', 'date'],
  ])('are found when a new one is %s', async (_, type, named) => {
    await app.database.query(`ALTER TABLE proofs ADD COLUMN planted ${type}`);
    await app.database.query(`CREATE TABLE planted (planted ${type})`);

    const found = undecided(await columnsIn(app.database), declaredColumns(app));

    await app.database.query('DROP TABLE planted');
    await app.database.query('ALTER TABLE proofs DROP COLUMN planted');
    expect(found).toEqual([`public.planted.planted ${named}`, `public.proofs.planted ${named}`]);
  });

  it('are found in another schema and in a view', async () => {
    await app.database.query('CREATE SCHEMA planted');
    await app.database.query(`CREATE VIEW planted.names AS SELECT 'a'::text AS name`);

    const found = undecided(await columnsIn(app.database), declaredColumns(app));

    await app.database.query('DROP SCHEMA planted CASCADE');
    expect(found).toEqual(['planted.names.name text']);
  });

  it('are missed when one of the list goes', async () => {
    const columns = await columnsIn(app.database);
    const rest = columns.filter(
      ({ table, column }) => !['sessions.door', 'identities.username'].includes(`${table}.${column}`),
    );

    expect(superfluous(rest, declaredColumns(app))).toEqual(['sessions.door', 'identities.username']);
  });
});
