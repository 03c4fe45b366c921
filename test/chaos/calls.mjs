/** The requests of a client, as `Door.ask` takes them. */
export const calls = {
  signIn: (applicationId, initData) => ({
    method: 'POST',
    path: '/v1/auth/telegram/init-data',
    body: { applicationId, initData },
  }),
  refresh: (refreshToken) => ({ method: 'POST', path: '/v1/auth/refresh', body: { refreshToken } }),
  logout: (token) => ({ method: 'POST', path: '/v1/auth/logout', token }),
  me: (token) => ({ method: 'GET', path: '/v1/me', token }),
  endOne: (token, sessionId) => ({ method: 'DELETE', path: `/v1/me/sessions/${sessionId}`, token }),
  endAll: (token) => ({ method: 'DELETE', path: '/v1/me/sessions?all=true', token }),
  check: (token) => ({ method: 'GET', path: '/v1/gateway/authorize', token }),
};

/** Where an access token is tried: every door of every replica that takes one. */
export function doorsOf(replicas) {
  return replicas.flatMap((replica) => [
    { replica, name: 'api', door: replica.api, callWith: calls.me },
    { replica, name: 'gateway', door: replica.gateway, callWith: calls.check },
  ]);
}
