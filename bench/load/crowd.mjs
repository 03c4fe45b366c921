/**
 * Somebody who has signed in at a subject, with what that one gave them: their latest session.
 *
 * @typedef {object} Member
 * @property {object} user as Telegram knows them
 * @property {string} userId as the subject knows them
 * @property {string} sessionId
 * @property {number} logins
 * @property {string} [accessToken]
 * @property {string} [refreshToken]
 * @property {string} [cookie]
 */

/** Below the number of sessions at which the service ends the oldest one, which is more work than a login is. */
const MAX_LOGINS = 9;

/** The people of one subject. They take turns, so that nobody is on two connections at once. */
export class Crowd {
  /** @type {Member[]} */
  #members = [];
  #turn = 0;
  #hasLeavers = false;

  /** @param {import('../product/telegram-bot.mjs').TelegramBot} bot */
  constructor(bot) {
    this.bot = bot;
  }

  get size() {
    return this.#present().length;
  }

  /** @param {object} user @param {object} session with the user's id */
  join(user, session) {
    this.#members.push({ user, logins: 1, hasLeft: false, ...session });
  }

  /** @param {Member} member @param {object} session of the sign-in or the refresh */
  update(member, session) {
    if (member.sessionId !== session.sessionId) member.logins += 1;
    Object.assign(member, session);
  }

  /** @param {Member} member whose session is over */
  leave(member) {
    member.hasLeft = true;
    this.#hasLeavers = true;
  }

  /** @param {number} count at most this many of those who joined last: their access tokens cannot have idled out */
  newest(count) {
    return this.#present().slice(-count);
  }

  /**
   * The next ones in turn, each once.
   *
   * @param {number} count at most this many
   */
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
