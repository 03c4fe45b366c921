import { authorized, post } from './http-text.mjs';

const SIGN_IN = '/v1/auth/telegram/init-data';
const REFRESH = '/v1/auth/refresh';
const ME = '/v1/me';

/** Sessions that take turns at `GET /v1/me`. */
const READERS = 1000;

/**
 * Something that clients ask for.
 *
 * @typedef {object} Operation
 * @property {string} name
 * @property {string} path
 * @property {boolean} needsMembers
 * @property {boolean} isRepeatable the same exchanges can be had again and again
 * @property {(crowd: import('./crowd.mjs').Crowd, count: number) => import('./connections.mjs').Exchange[]} prepare
 */

/** @type {Operation} */
export const firstLogin = {
  name: 'first login',
  path: SIGN_IN,
  needsMembers: false,
  isRepeatable: false,
  prepare: (crowd, count) =>
    Array.from({ length: count }, () => {
      const user = crowd.bot.newcomer();
      return signIn(crowd, user, (answer) => {
        if (answer.isNewUser !== true) return 'the newcomer was known';
        crowd.join(user, answer);
        return null;
      });
    }),
};

/** @type {Operation} */
export const returningLogin = {
  name: 'returning login',
  path: SIGN_IN,
  needsMembers: true,
  isRepeatable: false,
  prepare: (crowd, count) =>
    crowd.take(count).map((member) =>
      signIn(crowd, member.user, (answer) => {
        if (answer.isNewUser !== false) return 'the member was not known';
        if (answer.userId !== member.userId) return 'it is another user';
        if (answer.sessionId === member.sessionId) return 'it is the session before';
        crowd.update(member, answer);
        return null;
      }),
    ),
};

/** @type {Operation} */
export const readMe = {
  name: 'GET /v1/me',
  path: ME,
  needsMembers: true,
  isRepeatable: true,
  prepare: (crowd, count) =>
    crowd.newest(Math.min(count, READERS)).map(({ user, userId, sessionId, accessToken }) => ({
      text: authorized('GET', ME, accessToken),
      check: (status, body) => {
        const isTheirs = [userId, sessionId, `"${user.username}"`].every((text) => body.includes(text));
        return status === 200 && isTheirs ? null : wrong(ME, status, body, 'it is not theirs');
      },
    })),
};

/** @type {Operation} */
export const refresh = {
  name: 'refresh',
  path: REFRESH,
  needsMembers: true,
  isRepeatable: false,
  prepare: (crowd, count) =>
    crowd.take(count).map((member) => ({
      text: post(REFRESH, { refreshToken: member.refreshToken }),
      check: checkedTokens(REFRESH, (answer) => {
        if (answer.sessionId !== member.sessionId) return 'it is another session';
        if (answer.refreshToken === member.refreshToken) return 'the token is the one before';
        crowd.update(member, answer);
        return null;
      }),
    })),
};

export const operations = [firstLogin, returningLogin, readMe, refresh];

/**
 * A request that is authenticated and then refused for its path, so that nothing but authentication is left of it.
 *
 * @param {import('./crowd.mjs').Member} member
 * @returns {import('./connections.mjs').Exchange}
 */
export function authenticateOnly({ accessToken }) {
  const path = '/v1/me/sessions/none';
  return {
    text: authorized('DELETE', path, accessToken),
    check: (status, body) => {
      const isRefused = status === 404 && body.includes('session.not_found');
      return isRefused ? null : wrong(path, status, body, 'a refusal of the id was expected');
    },
  };
}

function signIn({ bot, applicationId }, user, check) {
  return {
    text: post(SIGN_IN, { applicationId, initData: bot.launchOf(user) }),
    check: checkedTokens(SIGN_IN, check),
  };
}

function checkedTokens(path, check) {
  return (status, body) => {
    if (status !== 200) return wrong(path, status, body, 'it is a refusal');
    const answer = JSON.parse(body);
    const isComplete = answer.accessToken && answer.refreshToken && answer.sessionId && answer.userId;
    const problem = isComplete ? check(answer) : 'something is missing';
    return problem && wrong(path, status, '(tokens)', problem);
  };
}

function wrong(path, status, body, reason) {
  return `${path} answered ${status} ${body.slice(0, 300)}: ${reason}`;
}
