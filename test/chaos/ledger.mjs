import { built } from '../../bench/built.mjs';
import { doorsOf } from './calls.mjs';
import { describe } from './insist.mjs';

const { tokenDigest } = built('libs/crypto/src');

/** Calls on their way at a time while tokens are tried. */
const PARALLEL = 12;

/** Ended sessions that are tried at every door, the latest of them. */
const ENDED_TRIED = 40;

const SESSIONS = `
  SELECT id, user_id AS "userId", end_reason AS "endReason", access_digest AS "accessDigest",
    refresh_digest AS "refreshDigest", access_idle_expires_at AS "idleAt"
  FROM sessions WHERE user_id = ANY($1::uuid[])`;

const RECORDS = `
  SELECT subject, count(*) FILTER (WHERE action <> 'session.ended')::int AS opened,
    count(*) FILTER (WHERE action = 'session.ended')::int AS ended
  FROM audit_records
  WHERE subject = ANY($1) AND action IN ('user.created', 'session.opened', 'session.ended')
  GROUP BY subject`;

/**
 * Compares what was acknowledged with the rows: nothing may be missing, and nothing there twice.
 *
 * @param {import('./cluster.mjs').Cluster} cluster
 * @param {readonly import('./person.mjs').Person[]} people
 * @param {number} accessIdle seconds
 * @returns {Promise<{ faults: string[], compared: number, slideLag: number }>} `slideLag`: seconds by which the row of a
 *   live session lags behind its last use, at worst
 */
export async function compareRows(cluster, people, accessIdle) {
  const faults = [];
  const known = people.flatMap(({ userId, live, ended }) =>
    [...live, ...ended].map((session) => ({ userId, session })),
  );
  const rows = await cluster.query(SESSIONS, [people.map(({ userId }) => userId).filter(Boolean)]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const records = await cluster.query(RECORDS, [known.map(({ session }) => session.id)]);
  const recordsOf = new Map(records.map((record) => [record.subject, record]));
  let slideLag = 0;

  for (const { userId, session } of known) {
    const { id, endReason } = session;
    const row = byId.get(id);
    byId.delete(id);
    if (row?.userId !== userId) {
      faults.push(`the sign-in to session ${id} was acknowledged and is lost`);
      continue;
    }
    if (row.endReason !== endReason)
      faults.push(`session ${id} has the end "${row.endReason}", acknowledged was "${endReason}"`);
    if (!row.accessDigest.equals(tokenDigest(session.accessToken)))
      faults.push(`session ${id} has another access token than the one acknowledged last`);
    if (!row.refreshDigest.equals(tokenDigest(session.refreshToken)))
      faults.push(`session ${id} has another refresh token than the one acknowledged last`);
    const { opened = 0, ended = 0 } = recordsOf.get(id) ?? {};
    if (opened !== 1 || ended !== (endReason === null ? 0 : 1))
      faults.push(`session ${id} (end: ${endReason}) has ${opened} records of its start and ${ended} of its end`);
    if (endReason === null)
      slideLag = Math.max(slideLag, session.usedAt / 1000 + accessIdle - row.idleAt.getTime() / 1000);
  }
  for (const id of byId.keys()) faults.push(`session ${id} is there and was acknowledged to nobody`);
  return { faults, compared: known.length, slideLag };
}

/**
 * Tries what was acknowledged at every door of these replicas: live sessions are taken, ended ones refused.
 *
 * @param {readonly import('./replica.mjs').Replica[]} replicas
 * @param {readonly import('./person.mjs').Person[]} people
 * @returns {Promise<string[]>} faults
 */
export async function compareAnswers(replicas, people) {
  const faults = [];
  const ended = people.flatMap((person) => person.ended);
  const latest = ended.sort((one, other) => other.endedAt - one.endedAt).slice(0, ENDED_TRIED);
  const tries = [...people.flatMap(({ live }) => live), ...latest].flatMap((session) =>
    doorsOf(replicas).map((door) => ({ session, ...door })),
  );
  const work = async () => {
    for (let next = tries.pop(); next; next = tries.pop()) {
      const { session, replica, door, callWith } = next;
      const usedAt = Date.now();
      const answer = await door.ask(callWith(session.accessToken));
      const wanted = session.endReason === null ? 200 : 401;
      if (answer.status === 200 && wanted === 200) session.usedAt = Math.max(session.usedAt, usedAt);
      if (answer.status !== wanted)
        faults.push(
          `replica ${replica.name} answers ${describe(answer)} for session ${session.id} (end: ${session.endReason})`,
        );
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return faults;
}
