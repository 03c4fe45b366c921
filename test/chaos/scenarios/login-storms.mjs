import { calls } from '../calls.mjs';
import { describe, insist } from '../insist.mjs';
import { Traffic } from '../traffic.mjs';

const PEOPLE = { full: 60, short: 6 };

/** Sign-ins of one person at once: with a proof each, and with one proof for all. */
const PARALLEL = 40;

/** One person may have so many sessions in one application. */
const MAX_SESSIONS = 10;

/** @param {import('../main.mjs').Context} context */
export async function loginStorms({ cluster, random, isShort, check }) {
  const traffic = new Traffic();
  const faults = [];
  const setting = { replicas: cluster.replicas, traffic, random };
  const { applicationId, bot } = cluster;
  const before = await cluster.countUsers();
  const count = isShort ? PEOPLE.short : PEOPLE.full;
  const storm = async (proofs) => {
    const answers = await Promise.all(
      proofs.map((proof) => insist(setting, calls.signIn(applicationId, proof))),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    if (refused.length > 0) faults.push(`${refused.length} sign-ins got ${describe(refused[0])}`);
    return answers.filter(({ status }) => status === 200);
  };
  for (let person = 0; person < count; person += 1) {
    check();
    const user = bot.newUser();
    const first = await storm(Array.from({ length: PARALLEL }, () => bot.launchOf(user)));
    const proof = bot.launchOf(user);
    const second = await storm(Array.from({ length: PARALLEL }, () => proof));
    faults.push(...(await contradictionsOf(cluster, first, second)));
  }
  const made = (await cluster.countUsers()) - before;
  if (made !== count) faults.push(`${count} people became ${made} users`);
  return [
    {
      promise: 'one user, one session per proof',
      found: `${count} people, ${PARALLEL} first sign-ins each at once, then ${PARALLEL} with one proof; ${traffic.describe()}`,
      faults: [...faults, ...traffic.faults],
    },
  ];
}

async function contradictionsOf(cluster, first, second) {
  const faults = [];
  const users = new Set([...first, ...second].map(({ body }) => body.userId));
  if (users.size !== 1) faults.push(`one person is ${users.size} users`);
  const [userId] = users;
  const newUsers = first.filter(({ body }) => body.isNewUser).length;
  // A repeated request repeats its answer, so the count holds however often somebody had to ask.
  if (newUsers !== 1) faults.push(`user ${userId}: ${newUsers} sign-ins were the first`);
  const sessions = new Set(first.map(({ body }) => body.sessionId));
  if (sessions.size !== first.length)
    faults.push(`user ${userId}: ${first.length} proofs opened ${sessions.size} sessions`);
  const pairs = new Set(
    second.map(({ body }) => `${body.sessionId} ${body.accessToken} ${body.refreshToken}`),
  );
  if (pairs.size !== 1) faults.push(`user ${userId}: one proof was answered with ${pairs.size} pairs`);
  const [{ live, known }] = await cluster.query(
    `SELECT count(*) FILTER (WHERE ended_at IS NULL)::int AS live, count(*)::int AS known
     FROM sessions WHERE user_id = $1`,
    [userId],
  );
  if (live !== MAX_SESSIONS) faults.push(`user ${userId} has ${live} live sessions`);
  if (known !== first.length + 1)
    faults.push(`user ${userId} has ${known} sessions of ${first.length + 1} proofs`);
  return faults;
}
