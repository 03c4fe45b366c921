import { authorized, basic, headerOf, post, postForm, request } from '../load/http-text.mjs';
import { expecting, expectTheirs, forged } from './exchange.mjs';

const SIGN_IN = '/v1/auth/telegram/init-data';
const REFRESH = '/v1/auth/refresh';
const ME = '/v1/me';

/** What a gateway adds to the client's own headers. */
const FORWARDED = {
  'x-forwarded-method': 'GET',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'orders.example.com',
  'x-forwarded-uri': '/orders/1',
};

/** Requests to the service; the minimal server has the same API. */
export function countersignClient({ applicationId, clientSecret }) {
  const signIn = (initData) => post(SIGN_IN, { applicationId, initData });
  const firstLogin = (crowd, user) =>
    expecting(
      signIn(crowd.bot.launchOf(user)),
      200,
      withTokens((session, { isNewUser }) => {
        if (isNewUser !== true) return 'the new user was known';
        return void crowd.join(user, session);
      }),
    );
  const introspect = ({ accessToken }, problemOf) =>
    expecting(
      postForm('/v1/oauth/introspect', { token: accessToken }, basic(applicationId, clientSecret)),
      200,
      ({ body }) => problemOf(JSON.parse(body)),
    );
  const introspection = (_, member) =>
    introspect(member, ({ active, sub, sid }) =>
      expectTheirs(active === true && sub === member.userId && sid === member.sessionId),
    );
  return {
    enter: firstLogin,
    firstLogin,
    returningLogin: (crowd, member) =>
      expecting(
        signIn(crowd.bot.launchOf(member.user)),
        200,
        withTokens((session, { isNewUser }) => {
          if (isNewUser !== false) return 'the member was not known';
          if (session.sessionId === member.sessionId) return 'it is the session before';
          if (session.userId !== member.userId) return expectTheirs(false);
          return void crowd.update(member, session);
        }),
      ),
    gatewayCheck,
    gatewayInitData: (crowd, member) =>
      expecting(initDataCheckText(applicationId, crowd.bot.launchOf(member.user)), 200, ({ head }) =>
        expectTheirs(headerOf(head, 'x-user-id') === member.userId && headerOf(head, 'x-session-id') === ''),
      ),
    ...(clientSecret ? { introspection } : {}),
    readMe,
    refresh,
    logout: (crowd, member) =>
      expecting(authorized('POST', '/v1/auth/logout', member.accessToken), 204, () => crowd.leave(member)),
    refusals: (crowd, gone) => [
      expecting(signIn(forged(crowd.bot.launchOf(crowd.bot.newUser()))), 401),
      expecting(authorized('GET', ME, gone.accessToken), 401),
      expecting(post(REFRESH, { refreshToken: gone.refreshToken }), 401),
      { ...expecting(checkText(gone), 401), of: 'gatewayCheck' },
      ...(clientSecret ? [introspect(gone, ({ active }) => active !== false && 'it is active')] : []),
    ],
  };
}

function checkText({ accessToken }) {
  const headers = { ...FORWARDED, authorization: `Bearer ${accessToken}` };
  return request('GET', '/v1/gateway/authorize', headers);
}

function initDataCheckText(applicationId, initData) {
  const headers = {
    ...FORWARDED,
    authorization: `tma ${initData}`,
    'x-countersign-application': applicationId,
  };
  return request('GET', '/v1/gateway/authorize', headers);
}

function gatewayCheck(_, member) {
  return expecting(checkText(member), 200, ({ head }) =>
    expectTheirs(
      headerOf(head, 'x-user-id') === member.userId && headerOf(head, 'x-session-id') === member.sessionId,
    ),
  );
}

function readMe(_, { user, userId, sessionId, accessToken }) {
  return expecting(authorized('GET', ME, accessToken), 200, ({ body }) =>
    expectTheirs([userId, sessionId, `"${user.username}"`].every((text) => body.includes(text))),
  );
}

function refresh(crowd, member) {
  const problemOf = withTokens((session) => {
    if (session.sessionId !== member.sessionId) return 'it is another session';
    if (session.refreshToken === member.refreshToken) return 'the token is the one before';
    return void crowd.update(member, session);
  });
  return expecting(post(REFRESH, { refreshToken: member.refreshToken }), 200, problemOf);
}

function withTokens(problemOf) {
  return ({ body }) => {
    const answer = JSON.parse(body);
    const { userId, sessionId, accessToken, refreshToken } = answer;
    const session = { userId, sessionId, accessToken, refreshToken };
    return Object.values(session).every(Boolean) ? problemOf(session, answer) : 'something is missing';
  };
}
