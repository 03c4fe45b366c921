import { authorized, basic, headerOf, post, postForm, request } from '../load/http-text.mjs';
import { expecting, forged } from './exchange.mjs';

const SIGN_IN = '/v1/auth/telegram/init-data';
const REFRESH = '/v1/auth/refresh';
const LOGOUT = '/v1/auth/logout';
const ME = '/v1/me';
const CHECK = '/v1/gateway/authorize';
const INTROSPECT = '/v1/oauth/introspect';

/** What a gateway adds to the client's own headers. */
const FORWARDED = {
  'x-forwarded-method': 'GET',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'orders.example.com',
  'x-forwarded-uri': '/orders/1',
};

/** How the service is asked; the minimal subject speaks the same. */
export function countersignClient({ applicationId, clientSecret }) {
  const signIn = (crowd, user, problemOf) =>
    expecting(
      post(SIGN_IN, { applicationId, initData: crowd.bot.launchOf(user) }),
      200,
      withTokens(problemOf),
    );

  const firstLogin = (crowd, user) =>
    signIn(crowd, user, (answer) => {
      if (answer.isNewUser !== true) return 'the new user was known';
      crowd.join(user, sessionOf(answer));
      return null;
    });

  const returningLogin = (crowd, member) =>
    signIn(crowd, member.user, (answer) => {
      if (answer.isNewUser !== false) return 'the member was not known';
      if (answer.userId !== member.userId) return 'it is another user';
      if (answer.sessionId === member.sessionId) return 'it is the session before';
      crowd.update(member, sessionOf(answer));
      return null;
    });

  const introspection = (_, { userId, sessionId, accessToken }) =>
    expecting(
      postForm(INTROSPECT, { token: accessToken }, basic(applicationId, clientSecret)),
      200,
      ({ body }) => {
        const { active, sub, sid } = JSON.parse(body);
        return active === true && sub === userId && sid === sessionId ? null : 'it is not theirs';
      },
    );

  const refusedIntrospection = ({ accessToken }) =>
    expecting(
      postForm(INTROSPECT, { token: accessToken }, basic(applicationId, clientSecret)),
      200,
      ({ body }) => (JSON.parse(body).active === false ? null : 'it is active'),
    );

  return {
    enter: firstLogin,
    firstLogin,
    returningLogin,
    gatewayCheck,
    ...(clientSecret ? { introspection } : {}),
    readMe,
    refresh,
    logout,
    refusals: (crowd, gone) => [
      expecting(
        post(SIGN_IN, { applicationId, initData: forged(crowd.bot.launchOf(crowd.bot.newUser())) }),
        401,
      ),
      expecting(authorized('GET', ME, gone.accessToken), 401),
      expecting(post(REFRESH, { refreshToken: gone.refreshToken }), 401),
      { ...expecting(checkText(gone), 401), of: 'gatewayCheck' },
      ...(clientSecret ? [refusedIntrospection(gone)] : []),
    ],
  };
}

function checkText({ accessToken }) {
  return request('GET', CHECK, { ...FORWARDED, authorization: `Bearer ${accessToken}` });
}

function gatewayCheck(_, member) {
  return expecting(checkText(member), 200, ({ head }) => {
    const isTheirs =
      headerOf(head, 'x-user-id') === member.userId && headerOf(head, 'x-session-id') === member.sessionId;
    return isTheirs ? null : 'it is not theirs';
  });
}

function readMe(_, { user, userId, sessionId, accessToken }) {
  return expecting(authorized('GET', ME, accessToken), 200, ({ body }) => {
    const isTheirs = [userId, sessionId, `"${user.username}"`].every((text) => body.includes(text));
    return isTheirs ? null : 'it is not theirs';
  });
}

function refresh(crowd, member) {
  return expecting(
    post(REFRESH, { refreshToken: member.refreshToken }),
    200,
    withTokens((answer) => {
      if (answer.sessionId !== member.sessionId) return 'it is another session';
      if (answer.refreshToken === member.refreshToken) return 'the token is the one before';
      crowd.update(member, sessionOf(answer));
      return null;
    }),
  );
}

function logout(crowd, member) {
  return expecting(authorized('POST', LOGOUT, member.accessToken), 204, () => {
    crowd.leave(member);
    return null;
  });
}

function withTokens(problemOf) {
  return ({ body }) => {
    const answer = JSON.parse(body);
    const isComplete = answer.accessToken && answer.refreshToken && answer.sessionId && answer.userId;
    return isComplete ? problemOf(answer) : 'something is missing';
  };
}

function sessionOf({ userId, sessionId, accessToken, refreshToken }) {
  return { userId, sessionId, accessToken, refreshToken };
}
