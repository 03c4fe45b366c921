import { basic, post, postForm } from '../load/http-text.mjs';
import { expecting, expectTheirs } from './exchange.mjs';

/** Tokens are made by its own models: the pages before the first ones are not measured. */
export function oidcProviderClient({ clientId, clientSecret }) {
  const client = basic(clientId, clientSecret);
  const introspect = ({ accessToken: token }, problemOf) =>
    expecting(
      postForm('/token/introspection', { token, token_type_hint: 'access_token' }, client),
      200,
      ({ body }) => problemOf(JSON.parse(body)),
    );
  const refresh = ({ refreshToken }) =>
    postForm('/token', { grant_type: 'refresh_token', refresh_token: refreshToken }, client);
  const revoke = ({ refreshToken: token }) =>
    postForm('/token/revocation', { token, token_type_hint: 'refresh_token' }, client);
  return {
    enter: (crowd, user) =>
      expecting(
        post('/enter', { userId: String(user.id) }),
        200,
        ({ body }) => void crowd.join(user, { userId: String(user.id), ...JSON.parse(body) }),
      ),
    introspection: (_, member) =>
      introspect(member, ({ active, sub, client_id: of }) =>
        expectTheirs(active === true && sub === member.userId && of === clientId),
      ),
    refresh: (crowd, member) =>
      expecting(refresh(member), 200, ({ body }) => {
        const { access_token: accessToken, refresh_token: refreshToken } = JSON.parse(body);
        if (!accessToken || !refreshToken) return 'something is missing';
        if (refreshToken === member.refreshToken) return 'the token is the one before';
        return void crowd.update(member, { sessionId: member.sessionId, accessToken, refreshToken });
      }),
    logout: (crowd, member) => expecting(revoke(member), 200, () => crowd.leave(member)),
    refusals: (_, gone) => [
      introspect(gone, ({ active }) => active !== false && 'it is active'),
      expecting(
        refresh(gone),
        400,
        ({ body }) => !body.includes('invalid_grant') && 'it is for another reason',
      ),
    ],
  };
}
