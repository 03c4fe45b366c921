import { headerOf, post, request } from '../load/http-text.mjs';
import { expecting, expectTheirs } from './exchange.mjs';

const check = (cookie) => request('GET', '/check', { cookie });

export const expressSessionClient = {
  enter: (crowd, user) =>
    expecting(post('/enter', { userId: String(user.id) }), 200, ({ head }) => {
      const cookie = headerOf(head, 'set-cookie')?.split(';', 1)[0];
      if (!cookie) return 'there is no cookie';
      return void crowd.join(user, { userId: String(user.id), sessionId: cookie, cookie });
    }),
  gatewayCheck: (_, { userId, cookie }) =>
    expecting(check(cookie), 200, ({ head }) => expectTheirs(headerOf(head, 'x-user-id') === userId)),
  logout: (crowd, member) =>
    expecting(request('POST', '/logout', { cookie: member.cookie }), 204, () => crowd.leave(member)),
  refusals: (_, { cookie }) => [expecting(check(cookie), 401)],
};
