import { headerOf, post, request } from '../load/http-text.mjs';
import { expecting, expectTheirs, forged } from './exchange.mjs';

const SIGN_IN = '/api/auth/telegram/miniapp/signin';
const GET_SESSION = '/api/auth/get-session';

/** It rejects changes with a cookie unless it knows the page that asks. */
const ORIGIN = { origin: 'http://127.0.0.1' };

const firstLogin = (crowd, user) => signIn(crowd, user, (session) => void crowd.join(user, session));

export const betterAuthClient = {
  enter: firstLogin,
  firstLogin,
  returningLogin: (crowd, member) =>
    signIn(crowd, member.user, (session) => {
      if (session.userId !== member.userId) return expectTheirs(false);
      if (session.sessionId === member.sessionId) return 'it is the session before';
      return void crowd.update(member, session);
    }),
  gatewayCheck: (_, { userId, sessionId, cookie }) =>
    expecting(request('GET', GET_SESSION, { cookie }), 200, ({ body }) => {
      const found = JSON.parse(body);
      return expectTheirs(found?.user.id === userId && found.session.id === sessionId);
    }),
  logout: (crowd, member) =>
    expecting(post('/api/auth/sign-out', {}, { ...ORIGIN, cookie: member.cookie }), 200, ({ body }) => {
      if (JSON.parse(body).success !== true) return 'it was no success';
      return void crowd.leave(member);
    }),
  refusals: (crowd, { cookie }) => [
    expecting(post(SIGN_IN, { initData: forged(crowd.bot.launchOf(crowd.bot.newUser())) }, ORIGIN), 401),
    expecting(
      request('GET', GET_SESSION, { cookie }),
      200,
      ({ body }) => body !== 'null' && 'the session lives',
    ),
  ],
};

function signIn(crowd, user, problemOf) {
  return expecting(post(SIGN_IN, { initData: crowd.bot.launchOf(user) }, ORIGIN), 200, ({ head, body }) => {
    const { session, user: known } = JSON.parse(body);
    const cookie = headerOf(head, 'set-cookie')?.split(';', 1)[0];
    if (!session?.id || !cookie?.includes('session_token=')) return 'something is missing';
    if (known?.telegramId !== String(user.id)) return expectTheirs(false);
    return problemOf({ userId: known.id, sessionId: session.id, cookie });
  });
}
