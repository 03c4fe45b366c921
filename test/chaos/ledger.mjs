import { setTimeout as wait } from 'node:timers/promises';
import { built } from '../../bench/product/built.mjs';
import { doorsOf } from './calls.mjs';
import { describe } from './insist.mjs';
import { noteUse } from './person.mjs';

const { tokenDigest } = built('libs/pure/crypto/src');

/** Calls on their way at a time while tokens are tried. */
const PARALLEL = 12;

/** Milliseconds within which every replica hears of an end. */
const NOTICE = 250;

/** Ended sessions that are tried at every door, the latest of them. */
const ENDED_TRIED = 40;

/** Seconds that a use may wait to be written, and milliseconds for writing it. */
const LONGEST_WAIT = 60;
const SLACK = 3_000;

/** Milliseconds by which two clocks of one machine may differ. */
const CLOCK_STEP = 100;

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
 * @param {object} options
 * @param {number} options.accessIdle seconds
 * @returns {Promise<{ faults: string[], unwritten: string[], compared: number }>} `unwritten`: uses that should be in their row
 *   and are not
 */
export async function compareRows(cluster, people, { accessIdle }) {
  const faults = [];
  const unwritten = [];
  const known = people.flatMap(({ userId, live, ended }) =>
    [...live, ...ended].map((session) => ({ userId, session })),
  );
  const now = Date.now();
  const rows = await cluster.query(SESSIONS, [people.map(({ userId }) => userId).filter(Boolean)]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const records = await cluster.query(RECORDS, [known.map(({ session }) => session.id)]);
  const recordsOf = new Map(records.map((record) => [record.subject, record]));

  for (const { userId, session } of known) {
    const row = byId.get(session.id);
    byId.delete(session.id);
    if (row?.userId !== userId) {
      faults.push(`the sign-in to session ${session.id} was acknowledged and is lost`);
      continue;
    }
    faults.push(...differences(session, row, recordsOf.get(session.id)));
    if (session.endReason !== null) continue;
    unwritten.push(...compareSlides(session, row.idleAt.getTime() - accessIdle * 1000, { accessIdle, now }));
  }
  for (const id of byId.keys()) faults.push(`session ${id} is there and was acknowledged to nobody`);
  return { faults, unwritten, compared: known.length };
}

function differences(session, row, { opened = 0, ended = 0 } = {}) {
  const { id, endReason, accessToken, refreshToken } = session;
  const faults = [];
  if (row.endReason !== endReason)
    faults.push(`session ${id} has the end "${row.endReason}", acknowledged was "${endReason}"`);
  if (!row.accessDigest.equals(tokenDigest(accessToken)))
    faults.push(`session ${id} has another access token than the one acknowledged last`);
  if (!row.refreshDigest.equals(tokenDigest(refreshToken)))
    faults.push(`session ${id} has another refresh token than the one acknowledged last`);
  if (opened !== 1 || ended !== (endReason === null ? 0 : 1))
    faults.push(
      `session ${id} (end: ${endReason}) has ${opened} records of its start and ${ended} of its end`,
    );
  return faults;
}

/** A use has to be in the row within a minute (a quarter of the idle time where that is less). @returns {string[]} faults */
function compareSlides(session, writtenUse, { accessIdle, now }) {
  const due = Math.min(LONGEST_WAIT, accessIdle / 4) * 1000 + SLACK;
  const mustBeWritten = (use) => use.replica === null || use.at + due <= now;
  const latest = session.uses.filter(mustBeWritten).reduce((one, other) => (other.at > one.at ? other : one));
  session.uses = [
    { at: latest.at, replica: null, door: null },
    ...session.uses.filter((use) => !mustBeWritten(use)),
  ];
  if (writtenUse + CLOCK_STEP >= latest.at) return [];
  const lacking = Math.round(latest.at - writtenUse);
  return [
    `session ${session.id} was used at the ${latest.door} of replica ${latest.replica}, and its row lacks ${lacking} ms of it`,
  ];
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
  await wait(NOTICE);
  const work = async () => {
    for (let next = tries.pop(); next; next = tries.pop()) {
      const { session, replica, name, door, callWith } = next;
      const answer = await door.ask(callWith(session.accessToken));
      const wanted = session.endReason === null ? 200 : 401;
      if (answer.status === 200 && wanted === 200)
        noteUse(session, { ...answer, replica: replica.name, door: name });
      if (answer.status !== wanted)
        faults.push(
          `replica ${replica.name} answers ${describe(answer)} for session ${session.id} (end: ${session.endReason})`,
        );
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return faults;
}
