import { performance } from 'node:perf_hooks';
import { calls } from './calls.mjs';
import { describe, insist } from './insist.mjs';

/**
 * A session as its client was told of it.
 *
 * @typedef {object} KnownSession
 * @property {string} id
 * @property {string} accessToken
 * @property {string} refreshToken
 * @property {Use[]} uses of the current access token
 * @property {number | null} endedAt `performance.now()` when the end was acknowledged
 * @property {string | null} endReason
 */

/**
 * @typedef {object} Use
 * @property {number} at milliseconds since the epoch
 * @property {string | null} replica that knows of it; null for what is in the row from the start
 * @property {'api' | 'gateway' | null} door
 */

/** Milliseconds after which an ended session is refused everywhere, also where notifications are late. */
const REFUSED_AFTER = 3_000;

/**
 * Remembers a use of the current access token.
 *
 * @param {KnownSession} session
 * @param {Pick<Use, 'replica' | 'door'> & { sentAt: number, sentOn?: number }} use as `Answer` tells when it was sent
 */
export function noteUse(session, { replica, door, sentAt, sentOn }) {
  // The clock may have been set since the start, or since it was sent.
  const at = Math.min(sentOn, Date.now() - (performance.now() - sentAt));
  session.uses.push({ at, replica, door });
}

/** Somebody with an honest client, which remembers all that was acknowledged and says what contradicts it. */
export class Person {
  userId = null;
  /** @type {KnownSession[]} */
  live = [];
  /** @type {KnownSession[]} */
  ended = [];
  #setting;
  #cluster;
  #user;

  /**
   * @param {import('./cluster.mjs').Cluster} cluster
   * @param {object} setting
   * @param {import('./traffic.mjs').Traffic} setting.traffic
   * @param {import('./random.mjs').Random} setting.random
   * @param {string[]} setting.faults gets what was answered wrongly
   */
  constructor(cluster, { traffic, random, faults }) {
    this.#cluster = cluster;
    this.#user = cluster.bot.newUser();
    this.#setting = { replicas: cluster.replicas, traffic, random, limitMs: cluster.limitMs };
    this.faults = faults;
  }

  async signIn() {
    const isFirst = this.userId === null;
    const initData = this.#cluster.bot.launchOf(this.#user);
    const begun = { sentAt: performance.now(), sentOn: Date.now() };
    const answer = await insist(this.#setting, calls.signIn(this.#cluster.applicationId, initData));
    if (!this.#isStatus(answer, 200, 'a sign-in')) return null;
    const { userId, isNewUser } = answer.body;
    if (!isFirst && userId !== this.userId) this.faults.push(`a sign-in of ${this.userId} made ${userId}`);
    // Whoever asks a second time may be told that they are known by now.
    if (isNewUser !== isFirst && answer.tries === 1)
      this.faults.push(`a sign-in of ${userId} says isNewUser ${isNewUser}`);
    this.userId = userId;
    const session = { endedAt: null, endReason: null };
    this.#take(session, answer, begun);
    if ([...this.live, ...this.ended].some(({ id }) => id === session.id))
      this.faults.push(`a sign-in with another proof answered session ${session.id} once more`);
    this.live.push(session);
    return session;
  }

  /** @param {KnownSession} session */
  async refresh(session) {
    const begun = { sentAt: performance.now(), sentOn: Date.now() };
    const answer = await insist(this.#setting, calls.refresh(session.refreshToken));
    if (!this.#isStatus(answer, 200, `a refresh of ${session.id}`)) return;
    const { refreshToken, id } = session;
    this.#take(session, answer, begun);
    if (session.id !== id || session.refreshToken === refreshToken)
      this.faults.push(`a refresh of ${id} answered session ${session.id} with the same or a foreign pair`);
  }

  /** @param {KnownSession} session @param {'api' | 'gateway'} door */
  async read(session, door) {
    const call = door === 'api' ? calls.me(session.accessToken) : calls.check(session.accessToken);
    const answer = await insist(this.#setting, call, door);
    if (!this.#isStatus(answer, 200, `a use of the live session ${session.id}`)) return;
    noteUse(session, { ...answer, door });
    const [userId, sessionId] =
      door === 'api'
        ? [answer.body?.userId, answer.body?.sessionId]
        : [answer.headers['x-user-id'], answer.headers['x-session-id']];
    if (userId !== this.userId || (sessionId ?? session.id) !== session.id)
      this.faults.push(`a use of ${session.id} was answered as ${sessionId} of ${userId}`);
  }

  /** Tries a session that ended. @param {KnownSession} session @param {'api' | 'gateway'} door */
  async readEnded(session, door) {
    if (performance.now() - session.endedAt < REFUSED_AFTER) return;
    const call = door === 'api' ? calls.me(session.accessToken) : calls.check(session.accessToken);
    const answer = await insist(this.#setting, call, door);
    this.#isStatus(answer, 401, `a use of the ended session ${session.id}`);
  }

  /** @param {KnownSession} session */
  async logout(session) {
    const answer = await insist(this.#setting, calls.logout(session.accessToken));
    if (this.#isStatus(answer, 204, `a logout of ${session.id}`)) this.#noteEnd(session, 'logout', answer);
  }

  /** @param {KnownSession} session @param {KnownSession} by another one of theirs */
  async end(session, by) {
    const answer = await insist(this.#setting, calls.endOne(by.accessToken, session.id));
    if (this.#isStatus(answer, 204, `an end of ${session.id}`))
      this.#noteEnd(session, 'ended-by-owner', answer);
  }

  #noteEnd(session, reason, { endedAt }) {
    Object.assign(session, { endReason: reason, endedAt });
    this.live = this.live.filter((each) => each !== session);
    this.ended.push(session);
  }

  #take(session, { body: { sessionId: id, accessToken, refreshToken } }, begun) {
    Object.assign(session, { id, accessToken, refreshToken, uses: [] });
    noteUse(session, { ...begun, replica: null, door: null });
  }

  #isStatus(answer, wanted, what) {
    if (answer.status === wanted) return true;
    this.faults.push(`${what} was answered ${describe(answer)} instead of ${wanted}`);
    return false;
  }
}
