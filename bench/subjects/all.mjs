import { startCountersign, startSubscribed } from './countersign.mjs';
import {
  startBare,
  startBetterAuth,
  startExpressSession,
  startFastify,
  startMinimal,
  startOidcProviderInMemory,
  startOidcProviderOnPostgres,
} from './programs.mjs';

/**
 * A system under test.
 *
 * @typedef {object} Definition
 * @property {string} name
 * @property {readonly string[]} operations keys of those that it supports
 * @property {boolean} [isPeer] its packages are those of `bench/peers`
 * @property {boolean} hasUsers otherwise it answers what the service answered
 * @property {(options: object) => Promise<object>} start
 */

const ALL = ['firstLogin', 'returningLogin', 'gatewayCheck', 'introspection', 'readMe', 'refresh', 'logout'];
const hasUsers = true;
const peer = { isPeer: true, hasUsers };

/** @type {Definition} */
export const countersign = { name: 'Countersign', operations: ALL, hasUsers, start: startCountersign };

/** For `--only`: what events cost. @type {Definition} */
export const subscribed = {
  ...{ name: 'Countersign with a webhook', hasUsers, start: startSubscribed },
  operations: ['firstLogin', 'returningLogin', 'refresh', 'logout'],
};

/** @type {Definition} */
export const minimal = {
  ...{ name: 'node:http + pg', hasUsers, start: startMinimal },
  operations: ALL.filter((key) => key !== 'introspection'),
};

/** @type {Definition} */
export const betterAuth = {
  ...{ ...peer, name: 'better-auth', start: startBetterAuth },
  operations: ['firstLogin', 'returningLogin', 'gatewayCheck', 'logout'],
};

/** @type {Definition} */
export const oidcProviderInMemory = {
  ...{ ...peer, name: 'oidc-provider in memory', start: startOidcProviderInMemory },
  operations: ['introspection', 'refresh', 'logout'],
};

/** @type {Definition} */
export const oidcProviderOnPostgres = {
  ...{ ...oidcProviderInMemory, name: 'oidc-provider on PostgreSQL', start: startOidcProviderOnPostgres },
};

/** @type {Definition} */
export const expressSession = {
  ...{ ...peer, name: 'express-session', start: startExpressSession },
  operations: ['gatewayCheck', 'logout'],
};

/** @type {Definition} */
export const bareFastify = { name: 'Fastify', operations: ['gatewayCheck'], start: startFastify };

/** @type {Definition} */
export const bareNode = { name: 'node:http', operations: ALL, start: startBare };

/** The service first, then the others from most to least work. */
export const suite = [
  countersign,
  betterAuth,
  oidcProviderOnPostgres,
  oidcProviderInMemory,
  expressSession,
  minimal,
  bareFastify,
  bareNode,
];
