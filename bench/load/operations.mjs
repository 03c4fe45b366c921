/** Sessions that take turns at what only reads. */
export const READERS = 1000;

/**
 * An operation of clients: its key in `bench/clients`, who sends it (fresh members have joined right before), and the length
 * of its rounds as a share of the usual.
 *
 * @typedef {{ key: string, name: string, by: 'new users' | 'fresh members' | 'members in turn' | 'readers', length: number }} Operation
 */

/** @type {readonly Operation[]} */
export const operations = [
  { key: 'firstLogin', name: 'first login', by: 'new users', length: 1 },
  { key: 'returningLogin', name: 'returning login', by: 'members in turn', length: 1 },
  { key: 'gatewayCheck', name: 'gateway check', by: 'readers', length: 1 },
  { key: 'gatewayInitData', name: 'gateway check by init data', by: 'readers', length: 1 },
  { key: 'introspection', name: 'introspection', by: 'readers', length: 1 },
  { key: 'readMe', name: 'GET /v1/me', by: 'readers', length: 1 },
  { key: 'refresh', name: 'refresh', by: 'members in turn', length: 1 },
  // Each one needs a login before it, which is not measured.
  { key: 'logout', name: 'logout', by: 'fresh members', length: 0.5 },
];

/** At most `count` exchanges. */
export function prepare({ key, by }, client, crowd, count) {
  const ask = client[key];
  switch (by) {
    case 'new users':
      return newUsers(ask, crowd, count);
    case 'fresh members':
      return crowd.newest(count).map((member) => ask(crowd, member));
    case 'members in turn':
      return crowd.take(count).map((member) => ask(crowd, member));
    case 'readers':
      return crowd.newest(Math.min(count, READERS)).map((member) => ask(crowd, member));
    default:
      throw new Error(`there are no ${by}`);
  }
}

export function newUsers(ask, crowd, count) {
  return Array.from({ length: count }, () => ask(crowd, crowd.bot.newUser()));
}
