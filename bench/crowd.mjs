/**
 * Somebody who has signed in at a contestant, with their latest session.
 *
 * @typedef {object} Member
 * @property {object} user as Telegram knows them
 * @property {string} userId
 * @property {string} sessionId
 * @property {string} accessToken
 * @property {string} refreshToken
 * @property {number} logins
 */

/** Below the number of sessions at which the service ends the oldest one, which is more work than a login is. */
const MOST_LOGINS = 9;

/** The people of one contestant. They take turns, so that nobody is on two connections at once. */
export class Crowd {
  /** @type {Member[]} */
  #members = [];
  #turn = 0;

  /** @param {import('./telegram-bot.mjs').TelegramBot} bot */
  constructor(bot) {
    this.bot = bot;
    /** Of the application to sign in to; a contestant without applications ignores it. */
    this.applicationId = '00000000-0000-7000-8000-000000000000';
  }

  get size() {
    return this.#members.length;
  }

  /** @param {object} user @param {object} answer of the sign-in */
  join(user, answer) {
    this.#members.push({ user, userId: answer.userId, logins: 1, ...sessionOf(answer) });
  }

  /** @param {Member} member @param {object} answer of the sign-in or the refresh */
  update(member, answer) {
    if (member.sessionId !== answer.sessionId) member.logins += 1;
    Object.assign(member, sessionOf(answer));
  }

  /** @param {number} count at most this many of those who joined last: their access tokens cannot have idled out */
  newest(count) {
    return this.#members.slice(-count);
  }

  /**
   * The next ones in turn, each once.
   *
   * @param {number} count at most this many
   */
  take(count) {
    const members = Array.from({ length: Math.min(count, this.size) }, () => {
      this.#turn = (this.#turn + 1) % this.size;
      return this.#members[this.#turn];
    });
    return members.filter(({ logins }) => logins < MOST_LOGINS);
  }
}

function sessionOf({ sessionId, accessToken, refreshToken }) {
  return { sessionId, accessToken, refreshToken };
}
