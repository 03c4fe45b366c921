import { join } from 'node:path';
import pg from 'pg';
import { print } from '../frame.mjs';
import { built } from '../product/built.mjs';
import { median } from '../report/statistics.mjs';
import { tableOf } from '../report/table.mjs';

const { createDataKey, generateKeyRing, KeyRing, open, seal, unwrapDataKey } = built('libs/pure/crypto/src');
const { startPrivatePostgres } = built('tools/private-postgres/src');

/** People in a list. */
export const ROWS = 200;
/** The fields of a profile, by their columns. */
export const PROFILE = {
  display_name: 'Ada Lovelace',
  username: 'ada_lovelace',
  avatar_url: 'https://cdn.example/avatars/0123456789.jpg',
  biography: 'Mathematician.',
};
const COLUMNS = Object.keys(PROFILE);
const ring = KeyRing.parse(JSON.stringify(generateKeyRing()));
const position = (row, column) => ({ table: 'people', column, row });

const WAYS = {
  'in clear': { toRow: () => [null, ...Object.values(PROFILE)], toProfile: (row) => row },
  sealed: {
    toRow: ({ id, dataKey, wrapped }) => [
      wrapped,
      ...COLUMNS.map((column) => seal(dataKey, position(id, column), PROFILE[column])),
    ],
    toProfile: (row) => {
      const key = unwrapDataKey(ring, position(row.id, 'data_key'), row.data_key);
      return COLUMNS.map((column) => open(key, position(row.id, column), row[column]));
    },
  },
};

/** A profile of four fields read, written and listed, in clear and sealed. */
export async function sealProfiles({ folder, rounds }) {
  const figures = await sealingFigures(folder, rounds);
  print(
    tableOf(figures, {
      'profile of 4 fields': ({ name }) => name,
      ' read, µs': ({ read }) => read,
      ' write, µs': ({ write }) => write,
      ' list of 200, µs': ({ list }) => list,
      ' bytes per row': ({ bytes }) => bytes,
    }),
  );
  return [];
}

/** @returns {Promise<{ name: string, read: number, write: number, list: number, bytes: number }[]>} in clear, and sealed */
export async function sealingFigures(folder, rounds) {
  const options = { baseDirectory: join(folder, 'sealing'), durability: 'disposable', log: () => undefined };
  const postgres = await startPrivatePostgres(options);
  try {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const people = Array.from({ length: ROWS }, (_, index) => ({
      id: String(index),
      ...createDataKey(ring, position(String(index), 'data_key')),
    }));
    const figures = [];
    for (const [name, way] of Object.entries(WAYS))
      figures.push({ name, ...(await measure(client, way, people, rounds)) });
    await client.end();
    return figures;
  } finally {
    await postgres.stop();
  }
}

async function measure(client, { toRow, toProfile }, people, rounds) {
  const columns = ['data_key', ...COLUMNS];
  await client.query(`CREATE TEMP TABLE people (id text PRIMARY KEY, ${columns.join(' text, ')} text)`);
  for (const person of people)
    await client.query('INSERT INTO people VALUES ($1, $2, $3, $4, $5, $6)', [person.id, ...toRow(person)]);
  const update = `UPDATE people SET ${columns.map((column, index) => `${column} = $${index + 2}`).join(', ')} WHERE id = $1`;
  const rowsOf = async (text, values) => (await client.query(text, values)).rows;
  const [{ bytes }] = await rowsOf(
    'SELECT sum(pg_column_size(p.*))::int / count(*)::int AS bytes FROM people p',
  );
  const one = async ({ id }) => toProfile((await rowsOf('SELECT * FROM people WHERE id = $1', [id]))[0]);
  const read = await timed(one, people, rounds);
  const write = await timed((person) => client.query(update, [person.id, ...toRow(person)]), people, rounds);
  const all = async () => (await rowsOf('SELECT * FROM people')).map(toProfile);
  const list = await timed(all, people.slice(0, 5), rounds);
  await client.query('DROP TABLE people');
  return { read, write, list, bytes };
}

/** Microseconds of one call, the median of the rounds. */
async function timed(work, items, rounds) {
  const figures = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    for (const item of items) await work(item);
    figures.push(((performance.now() - start) * 1_000) / items.length);
  }
  return Math.round(median(figures));
}
