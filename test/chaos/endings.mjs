import { performance } from 'node:perf_hooks';
import { calls } from './calls.mjs';
import { describe } from './insist.mjs';

/** Milliseconds after which a used refresh token is a stolen one: ten seconds, and some for two clocks. */
const RIPENING = 10_300;

/** One person may have so many sessions in one application. */
const MAX_SESSIONS = 10;

/**
 * A session that will end, and how: `end` answers when that was acknowledged (`performance.now()`).
 *
 * @typedef {object} SessionEnding
 * @property {keyof typeof endings} kind
 * @property {string} [sessionId] these are there when it is prepared
 * @property {string} [token] access token
 * @property {number} [readyAt] not to be ended before; `performance.now()`
 * @property {() => Promise<number>} [end]
 */

/** Signs in whom the ending needs. @param {import('./cluster.mjs').Cluster} cluster @param {SessionEnding} ending */
export async function prepare(cluster, ending) {
  const ask = asker(cluster);
  const user = cluster.bot.newUser();
  const signIn = () => ask(200, calls.signIn(cluster.applicationId, cluster.bot.launchOf(user)));
  const first = (await signIn()).body;
  Object.assign(ending, { sessionId: first.sessionId, token: first.accessToken });
  await endings[ending.kind]({ cluster, ending, ask, signIn, first });
}

/** How sessions end, each by its kind. */
export const endings = {
  logout: async ({ ending, ask, first }) => {
    ending.end = async () => (await ask(204, calls.logout(first.accessToken))).endedAt;
  },
  owner: async ({ ending, ask, signIn, first }) => {
    const { accessToken } = (await signIn()).body;
    ending.end = async () => (await ask(204, calls.endOne(accessToken, first.sessionId))).endedAt;
  },
  'end-all': async ({ ending, ask, signIn }) => {
    const { accessToken } = (await signIn()).body;
    ending.end = async () => (await ask(204, calls.endAll(accessToken))).endedAt;
  },
  cap: async ({ ending, signIn }) => {
    for (let count = 1; count < MAX_SESSIONS; count += 1) await signIn();
    ending.end = async () => (await signIn()).endedAt;
  },
  theft: async ({ ending, ask, first }) => {
    const { body } = await ask(200, calls.refresh(first.refreshToken));
    ending.token = body.accessToken;
    await ask(200, calls.me(body.accessToken));
    ending.readyAt = performance.now() + RIPENING;
    ending.end = async () =>
      (await ask(401, calls.refresh(first.refreshToken), 'session.refresh_reused')).endedAt;
  },
  operator: async ({ cluster, ending, first }) => {
    ending.end = () => cluster.endSession(first.sessionId);
  },
};

/** What the row says afterwards. */
export const expectedReasons = {
  logout: 'logout',
  owner: 'ended-by-owner',
  'end-all': 'ended-all',
  cap: 'evicted',
  theft: 'refresh-reuse',
  operator: 'revoked',
};

/** Asks one replica after the other. */
function asker({ replicas }) {
  let turn = Math.floor(performance.now());
  return async (status, call, code) => {
    turn += 1;
    const answer = await replicas[turn % replicas.length].api.ask(call);
    if (answer.status !== status || (code !== undefined && answer.body.code !== code))
      throw new Error(`${call.method} ${call.path} was answered ${describe(answer)}`);
    return answer;
  };
}
