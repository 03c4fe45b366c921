import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

const LIMIT = 200;
/** Milliseconds between two changes. */
const PAUSE = 5;
/** Of the members, one in so many leaves and joins again meanwhile. */
const MOVING = 50;

/**
 * Walks all pages of members while some leave and join: who stays is to be met exactly once.
 *
 * @param {object} options
 * @param {import('./caller.mjs').Caller} options.caller
 * @param {import('pg').Client} options.client
 * @param {Awaited<ReturnType<import('./fill.mjs').fill>>} options.made
 * @param {() => void} options.check
 * @returns {Promise<{ text: string, faults: string[] }>}
 */
export async function walk({ caller, client, made, check }) {
  const moving = made.memberIds.filter((_, index) => index % MOVING === 0);
  const movers = new Set(moving);
  const staying = new Set([made.personId, ...made.memberIds].filter((id) => !movers.has(id)));
  const staid = staying.size;
  const movement = moveUntilEnd(client, made, moving);
  const start = performance.now();
  let [pages, repeated, cursor] = [0, 0, null];
  const met = new Set();
  try {
    do {
      const page = `teams/${made.teamId}/members?limit=${LIMIT}${cursor === null ? '' : `&cursor=${cursor}`}`;
      const { items, nextCursor } = await caller.get('person', page);
      for (const { userId } of items) {
        if (met.has(userId) && !movers.has(userId)) repeated += 1;
        met.add(userId);
        staying.delete(userId);
      }
      pages += 1;
      cursor = nextCursor;
      check();
    } while (cursor !== null);
  } finally {
    movement.end();
  }
  const seconds = (performance.now() - start) / 1_000;
  const moves = await movement.done;
  const text =
    `${met.size} members on ${pages} pages of ${LIMIT} in ${seconds.toFixed(0)} s, while ${moves} left or joined: ` +
    `of ${staid} who stayed ${staying.size} missed, ${repeated} repeated.`;
  const isExact = staying.size === 0 && repeated === 0 && moves > 0;
  return { text, faults: isExact ? [] : [`the walk was not exact: ${text}`] };
}

function moveUntilEnd(client, { applicationId, teamId }, ids) {
  let isOver = false;
  const move = async () => {
    let moves = 0;
    for (; !isOver; moves += 1) {
      const id = ids[Math.floor(moves / 2) % ids.length];
      if (moves % 2 === 0)
        await client.query('DELETE FROM team_members WHERE team_id = $1 AND user_id = $2', [teamId, id]);
      else
        await client.query(
          `INSERT INTO team_members (team_id, user_id, application_id, role, joined_at) VALUES ($1, $2, $3, 'viewer', now())`,
          [teamId, id, applicationId],
        );
      await wait(PAUSE);
    }
    return moves;
  };
  const done = move();
  // The walk may fail first.
  done.catch(() => undefined);
  return { done, end: () => void (isOver = true) };
}
