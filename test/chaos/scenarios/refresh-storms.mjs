import { calls, doorsOf } from '../calls.mjs';
import { describe, insist } from '../insist.mjs';
import { Person } from '../person.mjs';
import { compareRows } from '../ledger.mjs';
import { Traffic } from '../traffic.mjs';

const SESSIONS = { full: 1_000, short: 50 };

/** Refreshes of one token at a time, and sessions at a time. */
const PARALLEL = 20;
const LANES = 4;

/** Every so many sessions the successor is stormed too, and the token before it comes back once more. */
const CHAINED = 5;

/** @param {import('../main.mjs').Context} context */
export async function refreshStorms({ cluster, random, isShort, check }) {
  const traffic = new Traffic();
  const faults = [];
  const people = Array.from({ length: isShort ? SESSIONS.short : SESSIONS.full }, (_, index) => {
    return new Person(cluster, { traffic, random: random.fork(`person ${index}`), faults });
  });
  const setting = { replicas: cluster.replicas, traffic, random };
  const storm = (session) => stormOf(setting, session, faults);
  const todo = people.map((person, index) => ({ person, isChained: index % CHAINED === 0 }));
  const work = async () => {
    for (let next = todo.pop(); next; next = todo.pop()) {
      check();
      const session = await next.person.signIn();
      if (!session) continue;
      const { refreshToken: used } = session;
      await storm(session);
      if (next.isChained) {
        const { refreshToken: successor } = session;
        await storm(session);
        const { body } = await insist(setting, calls.refresh(used));
        if (body.refreshToken !== successor)
          faults.push(`session ${session.id}: a used token got another successor`);
      }
      await tryEverywhere(cluster.replicas, session, faults);
    }
  };
  await Promise.all(Array.from({ length: LANES }, work));
  const rows = await compareRows(cluster, people, { accessIdle: 1800 });
  return [
    {
      promise: 'one successor for each token, no session ended',
      found: `${rows.compared} sessions, ${PARALLEL} refreshes each at once; ${traffic.describe()}`,
      faults: [...faults, ...rows.faults, ...traffic.faults],
    },
  ];
}

async function stormOf(setting, session, faults) {
  const { id, refreshToken: used } = session;
  const answers = await Promise.all(
    Array.from({ length: PARALLEL }, () => insist(setting, calls.refresh(used))),
  );
  const refused = answers.filter(({ status }) => status !== 200);
  if (refused.length > 0)
    faults.push(`session ${id}: ${refused.length} refreshes got ${describe(refused[0])}`);
  const pairs = new Set(answers.map(({ body }) => `${body.accessToken} ${body.refreshToken}`));
  if (pairs.size !== 1) faults.push(`session ${id}: ${pairs.size} successors of one token`);
  const { accessToken, refreshToken } = answers[0].body;
  Object.assign(session, { accessToken, refreshToken });
}

async function tryEverywhere(replicas, session, faults) {
  for (const { replica, door, callWith } of doorsOf(replicas)) {
    const answer = await door.ask(callWith(session.accessToken));
    if (answer.status !== 200)
      faults.push(`session ${session.id}: replica ${replica.name} answers its successor ${describe(answer)}`);
  }
}
