import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

const LIMIT = 200;
/** Milliseconds between two users that are inserted meanwhile. */
const PAUSE = 5;
const INSERT = `
  INSERT INTO users (id, status, data_key, audit_pseudonym, created_at, updated_at)
  VALUES (made_id(now(), $1), 'active', 'v1:gone', gen_random_uuid(), now(), now())`;

/**
 * Walks all pages of users while others are inserted.
 *
 * @param {object} options
 * @param {import('./caller.mjs').Caller} options.caller
 * @param {string} options.databaseUrl
 * @param {() => void} options.check
 * @returns {Promise<{ text: string, faults: string[] }>}
 */
export async function walk({ caller, databaseUrl, check }) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query({ text: 'SELECT id FROM users', rowMode: 'array' });
    const unseen = new Set(rows.map(([id]) => id));
    const inserting = insertUntilEnd(client);
    const start = performance.now();
    const [seen, pages, repeated] = await walkAll(caller, unseen, check).finally(() => inserting.end());
    const seconds = (performance.now() - start) / 1_000;
    const inserted = await inserting.done;
    const text =
      `${seen} users on ${pages} pages of ${LIMIT} in ${seconds.toFixed(0)} s, while ${inserted} were inserted: ` +
      `${unseen.size} missed, ${repeated} repeated.`;
    const isExact = unseen.size === 0 && repeated === 0 && inserted > 0;
    return { text, faults: isExact ? [] : [`the walk was not exact: ${text}`] };
  } finally {
    await client.end();
  }
}

async function walkAll(caller, unseen, check) {
  const met = new Set();
  let [pages, repeated, cursor] = [0, 0, null];
  do {
    const { items, nextCursor } = await caller.get(
      `users?limit=${LIMIT}${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    for (const { userId } of items) {
      if (met.has(userId)) repeated += 1;
      met.add(userId);
      unseen.delete(userId);
    }
    pages += 1;
    cursor = nextCursor;
    check();
  } while (cursor !== null);
  return [met.size, pages, repeated];
}

function insertUntilEnd(client) {
  let isOver = false;
  const insert = async () => {
    let count = 0;
    while (!isOver) {
      await client.query(INSERT, [count]);
      count += 1;
      await wait(PAUSE);
    }
    return count;
  };
  const done = insert();
  // The walk may fail first.
  done.catch(() => undefined);
  return { done, end: () => void (isOver = true) };
}
