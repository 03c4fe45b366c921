import { headerOf, post, request } from '../load/http-text.mjs';
import { expecting } from './exchange.mjs';

/** @type {import('../load/operations.mjs').Client} */
export const expressSessionClient = {
  enter: (crowd, user) =>
    expecting(post('/enter', { userId: String(user.id) }), 200, ({ head }) => {
      const cookie = headerOf(head, 'set-cookie')?.split(';', 1)[0];
      if (!cookie) return 'there is no cookie';
      crowd.join(user, { userId: String(user.id), sessionId: cookie, cookie });
      return null;
    }),
  gatewayCheck: (_, { userId, cookie }) =>
    expecting(check(cookie), 200, ({ head }) =>
      headerOf(head, 'x-user-id') === userId ? null : 'it is not theirs',
    ),
  logout: (crowd, member) =>
    expecting(request('POST', '/logout', { cookie: member.cookie }), 204, () => {
      crowd.leave(member);
      return null;
    }),
  refusals: (_, { cookie }) => [expecting(check(cookie), 401)],
};

function check(cookie) {
  return request('GET', '/check', { cookie });
}
