/** Sessions that take turns at what only reads. */
export const READERS = 1000;

/**
 * How a subject is asked. It takes part in the operations that its client knows.
 *
 * @typedef {object} Client
 * @property {(crowd: Crowd, user: object) => Exchange} enter how somebody comes to have a session; in no table
 * @property {(crowd: Crowd, user: object) => Exchange} [firstLogin]
 * @property {(crowd: Crowd, member: Member) => Exchange} [returningLogin]
 * @property {(crowd: Crowd, member: Member) => Exchange} [gatewayCheck]
 * @property {(crowd: Crowd, member: Member) => Exchange} [introspection]
 * @property {(crowd: Crowd, member: Member) => Exchange} [readMe]
 * @property {(crowd: Crowd, member: Member) => Exchange} [refresh]
 * @property {(crowd: Crowd, member: Member) => Exchange} [logout]
 * @property {(crowd: Crowd, gone: Member) => Exchange[]} refusals what must not be let through; `gone` has logged out
 *
 * @typedef {import('./connections.mjs').Exchange} Exchange
 * @typedef {import('./crowd.mjs').Crowd} Crowd
 * @typedef {import('./crowd.mjs').Member} Member
 */

/**
 * Something that clients ask for.
 *
 * @typedef {object} Operation
 * @property {string} key in the clients
 * @property {string} name
 * @property {'new users' | 'fresh members' | 'members in turn' | 'readers'} by who asks; `fresh members` have joined
 *   right before
 * @property {number} length of its rounds, as a share of the usual
 */

/** @type {readonly Operation[]} */
export const operations = [
  { key: 'firstLogin', name: 'first login', by: 'new users', length: 1 },
  { key: 'returningLogin', name: 'returning login', by: 'members in turn', length: 1 },
  { key: 'gatewayCheck', name: 'gateway check', by: 'readers', length: 1 },
  { key: 'introspection', name: 'introspection', by: 'readers', length: 1 },
  { key: 'readMe', name: 'GET /v1/me', by: 'readers', length: 1 },
  { key: 'refresh', name: 'refresh', by: 'members in turn', length: 1 },
  // Each one needs a login before it, which nobody measures but everybody waits for.
  { key: 'logout', name: 'logout', by: 'fresh members', length: 0.5 },
];

/**
 * @param {Operation} operation
 * @param {Client} client
 * @param {Crowd} crowd
 * @param {number} count at most so many
 * @returns {Exchange[]}
 */
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
      throw new Error(`nobody knows who ${by} are`);
  }
}

/** @param {(crowd: Crowd, user: object) => Exchange} ask @param {Crowd} crowd @param {number} count */
export function newUsers(ask, crowd, count) {
  return Array.from({ length: count }, () => ask(crowd, crowd.bot.newUser()));
}
