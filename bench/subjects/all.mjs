import { startCountersign } from './countersign.mjs';
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
 * A system under test, with the keys of the operations that it supports. A peer has its packages in `bench/peers`; one without
 * users answers what the service answered.
 *
 * @typedef {{ name: string, operations: string[], isPeer?: boolean, hasUsers?: boolean, start: (options: object) => Promise<object> }}
 *   Definition
 */

const ALL = ['firstLogin', 'returningLogin', 'gatewayCheck', 'readMe', 'refresh', 'logout'];
const OWN = ['gatewayInitData', 'introspection'];
const hasUsers = true;
const peer = { isPeer: true, hasUsers };

export const countersign = {
  name: 'Countersign',
  operations: [...ALL, ...OWN],
  hasUsers,
  start: startCountersign,
};

export const minimal = {
  ...{ name: 'node:http + pg', hasUsers, start: startMinimal },
  operations: ALL,
};

export const betterAuth = {
  ...{ ...peer, name: 'better-auth', start: startBetterAuth },
  operations: ['firstLogin', 'returningLogin', 'gatewayCheck', 'logout'],
};

export const oidcProviderInMemory = {
  ...{ ...peer, name: 'oidc-provider in memory', start: startOidcProviderInMemory },
  operations: ['introspection', 'refresh', 'logout'],
};

export const oidcProviderOnPostgres = {
  ...{ ...oidcProviderInMemory, name: 'oidc-provider on PostgreSQL', start: startOidcProviderOnPostgres },
};

export const expressSession = {
  ...{ ...peer, name: 'express-session', start: startExpressSession },
  operations: ['gatewayCheck', 'logout'],
};

export const bareFastify = { name: 'Fastify', operations: ['gatewayCheck'], start: startFastify };

export const bareNode = { name: 'node:http', operations: [...ALL, 'introspection'], start: startBare };

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
