import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { built } from '../product/built.mjs';

const { createDataKey, generateKeyRing, KeyRing, open, seal, unwrapDataKey } = built('libs/pure/crypto/src');
const { startPrivatePostgres } = built('tools/private-postgres/src');

const ROWS = 200;
const PROFILE = [
  'Ada Lovelace',
  'ada_lovelace',
  'https://cdn.example/avatars/0123456789.jpg',
  'Mathematician.',
];
const COLUMNS = PROFILE.map((_, index) => `field_${index}`);
const ring = KeyRing.parse(JSON.stringify(generateKeyRing()));

/** One person: a row in clear, and one with a wrapped data key and sealed fields. */
function personOf(index) {
  const id = String(index);
  const place = { table: 'people', column: 'data_key', row: id };
  return { id, place, ...createDataKey(ring, place) };
}

const placeOf = (id, column) => ({ table: 'people', column: COLUMNS[column], row: id });
const ways = {
  'in clear': { toRow: () => PROFILE, toProfile: (row) => COLUMNS.map((name) => row[name]) },
  sealed: {
    toRow: ({ id, dataKey }) => PROFILE.map((text, column) => seal(dataKey, placeOf(id, column), text)),
    toProfile: (row) => {
      const key = unwrapDataKey(ring, { table: 'people', column: 'data_key', row: row.id }, row.data_key);
      return COLUMNS.map((name, column) => open(key, placeOf(row.id, column), row[name]));
    },
  },
};

/** Microseconds of one call, the median of the rounds. */
async function timed(work, calls, rounds) {
  const figures = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    for (let call = 0; call < calls; call += 1) await work(call);
    figures.push(((performance.now() - startedAt) * 1_000) / calls);
  }
  return Math.round(figures.toSorted((one, other) => one - other)[Math.floor(rounds / 2)]);
}

async function measure(client, name, { toRow, toProfile }, people, rounds) {
  await client.query(
    `CREATE TEMP TABLE people (id text PRIMARY KEY, data_key text, ${COLUMNS.map((column) => `${column} text`).join(', ')})`,
  );
  for (const person of people)
    await client.query(`INSERT INTO people VALUES ($1, $2, $3, $4, $5, $6)`, [
      person.id,
      name === 'sealed' ? person.wrapped : null,
      ...toRow(person),
    ]);
  const update = `UPDATE people SET ${COLUMNS.map((column, index) => `${column} = $${index + 2}`).join(', ')} WHERE id = $1`;
  const personAt = (call) => people[call % people.length];
  const [size] = (
    await client.query('SELECT sum(pg_column_size(p.*))::int / count(*)::int AS bytes FROM people p')
  ).rows;
  const read = await timed(
    async (call) =>
      toProfile((await client.query('SELECT * FROM people WHERE id = $1', [personAt(call).id])).rows[0]),
    ROWS,
    rounds,
  );
  const write = await timed(
    async (call) => client.query(update, [personAt(call).id, ...toRow(personAt(call))]),
    ROWS,
    rounds,
  );
  const list = await timed(
    async () => (await client.query('SELECT * FROM people')).rows.map(toProfile),
    5,
    rounds,
  );
  await client.query('DROP TABLE people');
  return { name, read, write, list, bytes: size.bytes };
}

/** `npm run bench:sealing [-- --rounds 21]` */
export async function sealing(args) {
  const rounds = Number(args[args.indexOf('--rounds') + 1] ?? 21) || 21;
  process.stdout.write(
    '| profile of 4 fields | read, µs | write, µs | list of 200, µs | bytes per row |\n|---|---|---|---|---|\n',
  );
  for (const { name, read, write, list, bytes } of await sealingFigures(rounds))
    process.stdout.write(`| ${name} | ${read} | ${write} | ${list} | ${bytes} |\n`);
}

/** What a profile costs in clear, and then sealed. A list is one of 200. */
export async function sealingFigures(rounds) {
  const baseDirectory = await mkdtemp(join(tmpdir(), 'countersign-sealing-'));
  const postgres = await startPrivatePostgres({
    baseDirectory,
    durability: 'disposable',
    log: () => undefined,
  });
  try {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const people = Array.from({ length: ROWS }, (_, index) => personOf(index));
    const figures = [];
    for (const [name, way] of Object.entries(ways))
      figures.push(await measure(client, name, way, people, rounds));
    await client.end();
    return figures;
  } finally {
    await postgres.stop();
    await rm(baseDirectory, { recursive: true, force: true });
  }
}
