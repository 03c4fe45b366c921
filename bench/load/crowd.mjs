/**
 * A user who has signed in at a subject, with their latest session.
 *
 * @typedef {{ user: object, userId: string, sessionId: string, logins: number, accessToken?: string, refreshToken?: string,
 *   cookie?: string }} Member
 */

/** Below the number of sessions at which the service ends the oldest one, which is more work than a login is. */
const MAX_LOGINS = 9;

/** The users of one subject. They take turns, so that none is on two connections at once. */
export class Crowd {
  /** @type {Member[]} */
  #members = [];
  #turn = 0;
  #hasLeavers = false;

  constructor(bot) {
    this.bot = bot;
  }

  get size() {
    return this.#present().length;
  }

  /** `session`: with the user's id. */
  join(user, session) {
    this.#members.push({ user, logins: 1, hasLeft: false, ...session });
  }

  /** `session`: of the sign-in or the refresh. */
  update(member, session) {
    if (member.sessionId !== session.sessionId) member.logins += 1;
    Object.assign(member, session);
  }

  /** `member`: whose session is over. */
  leave(member) {
    member.hasLeft = true;
    this.#hasLeavers = true;
  }

  /** `count`: at most this many of those who joined last: their access tokens cannot have idled out. */
  newest(count) {
    return this.#present().slice(-count);
  }

  /** The next ones in turn, each once. `count`: at most this many. */
  take(count) {
    const all = this.#present();
    const members = Array.from({ length: Math.min(count, all.length) }, () => {
      this.#turn = (this.#turn + 1) % all.length;
      return all[this.#turn];
    });
    return members.filter(({ logins }) => logins < MAX_LOGINS);
  }

  #present() {
    if (this.#hasLeavers) this.#members = this.#members.filter(({ hasLeft }) => !hasLeft);
    this.#hasLeavers = false;
    return this.#members;
  }
}
