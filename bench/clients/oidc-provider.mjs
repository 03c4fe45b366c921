import { basic, post, postForm } from '../load/http-text.mjs';
import { expecting } from './exchange.mjs';

const TOKEN = '/token';
const INTROSPECT = '/token/introspection';
const REVOKE = '/token/revocation';

/** Tokens come from its own models: what people click through before they have some is measured nowhere. */
export function oidcProviderClient({ clientId, clientSecret }) {
  const client = basic(clientId, clientSecret);
  const introspect = ({ accessToken }, problemOf) =>
    expecting(
      postForm(INTROSPECT, { token: accessToken, token_type_hint: 'access_token' }, client),
      200,
      ({ body }) => problemOf(JSON.parse(body)),
    );
  const refresh = ({ refreshToken }) =>
    postForm(TOKEN, { grant_type: 'refresh_token', refresh_token: refreshToken }, client);

  return {
    enter: (crowd, user) =>
      expecting(post('/enter', { userId: String(user.id) }), 200, ({ body }) => {
        crowd.join(user, { userId: String(user.id), ...JSON.parse(body) });
        return null;
      }),
    introspection: (_, member) =>
      introspect(member, ({ active, sub, client_id: of }) =>
        active === true && sub === member.userId && of === clientId ? null : 'it is not theirs',
      ),
    refresh: (crowd, member) =>
      expecting(refresh(member), 200, ({ body }) => {
        const { access_token: accessToken, refresh_token: refreshToken } = JSON.parse(body);
        if (!accessToken || !refreshToken) return 'something is missing';
        if (refreshToken === member.refreshToken) return 'the token is the one before';
        crowd.update(member, { sessionId: member.sessionId, accessToken, refreshToken });
        return null;
      }),
    logout: (crowd, member) =>
      expecting(
        postForm(REVOKE, { token: member.refreshToken, token_type_hint: 'refresh_token' }, client),
        200,
        () => {
          crowd.leave(member);
          return null;
        },
      ),
    refusals: (_, gone) => [
      introspect(gone, ({ active }) => (active === false ? null : 'it is active')),
      expecting(refresh(gone), 400, ({ body }) =>
        body.includes('invalid_grant') ? null : 'for another reason',
      ),
    ],
  };
}
