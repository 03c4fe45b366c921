import { columns } from '@countersign/database';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

interface Sample {
  readonly id: string;
  readonly count: number | null;
  readonly words: readonly string[];
  readonly tree: readonly { readonly leaf: string | null }[] | null;
  readonly bytes: Buffer | null;
  readonly at: Date | null;
  readonly isGood: boolean | null;
  readonly note: string | null;
}

const SAMPLE = columns<Sample>({
  id: 'uuid',
  count: 'integer',
  words: 'text[]',
  tree: 'jsonb',
  bytes: 'bytea',
  at: 'timestamptz',
  isGood: 'boolean',
  note: 'text',
});

const FULL: Sample = {
  id: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  count: -2_147_483_648,
  words: ['a,b', '"quoted"', '', '{}', 'NULL', 'back\\slash', 'ünïcode'],
  tree: [{ leaf: `it's "this", {that}\n\\` }, { leaf: null }],
  bytes: Buffer.from([0, 34, 44, 92, 123, 255]),
  at: new Date('2026-11-20T12:00:00.123Z'),
  isGood: false,
  note: `{"a", 'b', \\c}\nNULL`,
};
const EMPTY: Sample = {
  id: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a12',
  count: null,
  words: [],
  tree: null,
  bytes: null,
  at: null,
  isGood: null,
  note: null,
};
const SHORT: Sample = {
  ...FULL,
  id: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a13',
  words: ['NULL'],
  tree: [],
  bytes: Buffer.alloc(0),
  note: '',
};

describe('rows that are bound by the names of their columns', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase({ isEmpty: true });
    await database.query(
      `CREATE TABLE samples (note text, id uuid PRIMARY KEY, count integer, words text[] NOT NULL, tree jsonb, bytes bytea,
         at timestamptz, is_good boolean)`,
    );
  });

  beforeEach(() => database.query('TRUNCATE samples'));

  afterAll(() => database.drop());

  const stored = (): Promise<Sample[]> =>
    database.query<Sample>(`SELECT ${SAMPLE.selected} FROM samples ORDER BY id`);

  it('are read as they were written, one by one', async () => {
    for (const sample of [FULL, EMPTY, SHORT])
      await database.query(
        `INSERT INTO samples (${SAMPLE.names}) VALUES (${SAMPLE.parameters()})`,
        SAMPLE.valuesOf(sample),
      );

    expect(await stored()).toEqual([FULL, EMPTY, SHORT]);
  });

  it('are read as they were written in a batch, lists of any length included', async () => {
    await database.query(
      `INSERT INTO samples (${SAMPLE.names}) ${SAMPLE.unnest()}`,
      SAMPLE.arraysOf([SHORT, FULL, EMPTY]),
    );

    expect(await stored()).toEqual([FULL, EMPTY, SHORT]);
    const [empty] = await database.query(`SELECT tree IS NULL AS "isNull" FROM samples WHERE id = $1`, [
      EMPTY.id,
    ]);
    expect(empty).toEqual({ isNull: true });
  });

  it('change what they name and nothing else, from a batch behind other parameters', async () => {
    await database.query(
      `INSERT INTO samples (${SAMPLE.names}) ${SAMPLE.unnest()}`,
      SAMPLE.arraysOf([FULL, EMPTY]),
    );
    const changed = SAMPLE.pick('words', 'at', 'tree');
    const next = SAMPLE.pick('id').and(changed);
    await database.query(
      `UPDATE samples s SET ${changed.assignedFrom('next')}, note = $1::text
       FROM (${next.unnest(2)}) AS next WHERE next.id = s.id`,
      ['changed', ...next.arraysOf([EMPTY, FULL].map((sample) => ({ ...SHORT, id: sample.id })))],
    );

    const { words, at, tree } = SHORT;
    const change = { words, at, tree, note: 'changed' };
    expect(await stored()).toEqual([
      { ...FULL, ...change },
      { ...EMPTY, ...change },
    ]);
  });
});
