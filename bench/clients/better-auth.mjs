import { headerOf, post, request } from '../load/http-text.mjs';
import { expecting, forged } from './exchange.mjs';

const SIGN_IN = '/api/auth/telegram/miniapp/signin';
const GET_SESSION = '/api/auth/get-session';
const SIGN_OUT = '/api/auth/sign-out';

/** It refuses what changes something and has a cookie unless it knows the page that asks. */
const ORIGIN = { origin: 'http://127.0.0.1' };

/** @type {import('../load/operations.mjs').Client} */
export const betterAuthClient = {
  enter: firstLogin,
  firstLogin,
  returningLogin: (crowd, member) =>
    signIn(crowd, member.user, (session) => {
      if (session.userId !== member.userId) return 'it is another user';
      if (session.sessionId === member.sessionId) return 'it is the session before';
      crowd.update(member, session);
      return null;
    }),
  gatewayCheck: (_, { userId, sessionId, cookie }) =>
    expecting(request('GET', GET_SESSION, { cookie }), 200, ({ body }) => {
      const found = JSON.parse(body);
      return found?.user.id === userId && found.session.id === sessionId ? null : 'it is not theirs';
    }),
  logout: (crowd, member) =>
    expecting(post(SIGN_OUT, {}, { ...ORIGIN, cookie: member.cookie }), 200, ({ body }) => {
      if (JSON.parse(body).success !== true) return 'it was no success';
      crowd.leave(member);
      return null;
    }),
  refusals: (crowd, { cookie }) => [
    expecting(post(SIGN_IN, { initData: forged(crowd.bot.launchOf(crowd.bot.newUser())) }, ORIGIN), 401),
    expecting(request('GET', GET_SESSION, { cookie }), 200, ({ body }) =>
      body === 'null' ? null : 'the session lives',
    ),
  ],
};

function firstLogin(crowd, user) {
  return signIn(crowd, user, (session) => {
    crowd.join(user, session);
    return null;
  });
}

function signIn(crowd, user, problemOf) {
  return expecting(post(SIGN_IN, { initData: crowd.bot.launchOf(user) }, ORIGIN), 200, ({ head, body }) => {
    const { session, user: known } = JSON.parse(body);
    const cookie = headerOf(head, 'set-cookie')?.split(';', 1)[0];
    if (!session?.id || !cookie?.includes('session_token=')) return 'something is missing';
    if (known?.telegramId !== String(user.id)) return 'it is another person';
    return problemOf({ userId: known.id, sessionId: session.id, cookie });
  });
}
