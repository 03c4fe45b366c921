import { startBetterAuth } from './better-auth.mjs';
import { startCountersign, startSubscribed } from './countersign.mjs';
import { startExpressSession } from './express-session.mjs';
import { startMinimal } from './minimal.mjs';
import { startOidcProviderInMemory, startOidcProviderOnPostgres } from './oidc-provider.mjs';

/**
 * Somebody to measure.
 *
 * @typedef {object} Entrant
 * @property {string} name
 * @property {readonly string[]} operations keys of those that it can be asked for
 * @property {boolean} [isPeer] its packages are those of `bench/peers`
 * @property {(options: object) => Promise<object>} [start] absent for those that answer what the service answered
 */

const ALL = ['firstLogin', 'returningLogin', 'gatewayCheck', 'introspection', 'readMe', 'refresh', 'logout'];

/** @type {Entrant} */
export const countersign = { name: 'Countersign', operations: ALL, start: startCountersign };

/** For `--only`: what events cost. @type {Entrant} */
export const subscribed = {
  name: 'Countersign with a webhook',
  operations: ['firstLogin', 'returningLogin', 'refresh', 'logout'],
  start: startSubscribed,
};

/** @type {Entrant} */
export const minimal = {
  name: 'node:http + pg',
  operations: ALL.filter((key) => key !== 'introspection'),
  start: startMinimal,
};

/** @type {Entrant} */
export const betterAuth = {
  name: 'better-auth',
  operations: ['firstLogin', 'returningLogin', 'gatewayCheck', 'logout'],
  isPeer: true,
  start: startBetterAuth,
};

/** @type {Entrant} */
export const oidcProviderInMemory = {
  name: 'oidc-provider in memory',
  operations: ['introspection', 'refresh', 'logout'],
  isPeer: true,
  start: startOidcProviderInMemory,
};

/** @type {Entrant} */
export const oidcProviderOnPostgres = {
  name: 'oidc-provider on PostgreSQL',
  operations: ['introspection', 'refresh', 'logout'],
  isPeer: true,
  start: startOidcProviderOnPostgres,
};

/** @type {Entrant} */
export const expressSession = {
  name: 'express-session',
  operations: ['gatewayCheck', 'logout'],
  isPeer: true,
  start: startExpressSession,
};

/** @type {Entrant} */
export const bareFastify = { name: 'Fastify', operations: ['gatewayCheck'] };

/** @type {Entrant} */
export const bareNode = { name: 'node:http', operations: ALL };

/** The service first, then from who does most to who does least. */
export const entrants = [
  countersign,
  betterAuth,
  oidcProviderOnPostgres,
  oidcProviderInMemory,
  expressSession,
  minimal,
  bareFastify,
  bareNode,
];
