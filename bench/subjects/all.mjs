import { startBetterAuth } from './better-auth.mjs';
import { startCountersign, startSubscribed } from './countersign.mjs';
import { startExpressSession } from './express-session.mjs';
import { startMinimal } from './minimal.mjs';
import { startOidcProviderInMemory, startOidcProviderOnPostgres } from './oidc-provider.mjs';

/**
 * Somebody to measure.
 *
 * @typedef {object} SubjectDefinition
 * @property {string} name
 * @property {readonly string[]} operations keys of those that it can be asked for
 * @property {boolean} [isPeer] its packages are those of `bench/peers`
 * @property {(options: object) => Promise<object>} [start] absent for those that answer what the service answered
 */

const ALL = ['firstLogin', 'returningLogin', 'gatewayCheck', 'introspection', 'readMe', 'refresh', 'logout'];

/** @type {SubjectDefinition} */
export const countersign = { name: 'Countersign', operations: ALL, start: startCountersign };

/** For `--only`: what events cost. @type {SubjectDefinition} */
export const subscribed = {
  name: 'Countersign with a webhook',
  operations: ['firstLogin', 'returningLogin', 'refresh', 'logout'],
  start: startSubscribed,
};

/** @type {SubjectDefinition} */
export const minimal = {
  name: 'node:http + pg',
  operations: ALL.filter((key) => key !== 'introspection'),
  start: startMinimal,
};

/** @type {SubjectDefinition} */
export const betterAuth = {
  name: 'better-auth',
  operations: ['firstLogin', 'returningLogin', 'gatewayCheck', 'logout'],
  isPeer: true,
  start: startBetterAuth,
};

/** @type {SubjectDefinition} */
export const oidcProviderInMemory = {
  name: 'oidc-provider in memory',
  operations: ['introspection', 'refresh', 'logout'],
  isPeer: true,
  start: startOidcProviderInMemory,
};

/** @type {SubjectDefinition} */
export const oidcProviderOnPostgres = {
  name: 'oidc-provider on PostgreSQL',
  operations: ['introspection', 'refresh', 'logout'],
  isPeer: true,
  start: startOidcProviderOnPostgres,
};

/** @type {SubjectDefinition} */
export const expressSession = {
  name: 'express-session',
  operations: ['gatewayCheck', 'logout'],
  isPeer: true,
  start: startExpressSession,
};

/** @type {SubjectDefinition} */
export const bareFastify = { name: 'Fastify', operations: ['gatewayCheck'] };

/** @type {SubjectDefinition} */
export const bareNode = { name: 'node:http', operations: ALL };

/** The service first, then from who does most to who does least. */
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
