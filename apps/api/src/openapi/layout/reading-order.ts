import type { OpenAPIObject } from '@nestjs/swagger';

/** Prefixes of paths, the main call first: the longest matching prefix decides the position of a path. */
const ORDER = [
  '/v1/gateway/',
  '/v1/admin/token',
  '/v1/admin/me',
  '/v1/admin/principals',
  '/v1/admin/applications',
  '/v1/admin/bots',
  '/v1/admin/users',
  '/v1/admin/identities',
  '/v1/admin/sessions',
  '/v1/admin/audit',
  '/v1/admin/',
  '/v1/auth/telegram/init-data',
  '/v1/auth/refresh',
  '/v1/auth/logout',
  '/v1/auth/telegram/login-widget',
  '/v1/auth/telegram/oidc/',
  '/v1/auth/exchange',
  '/v1/auth/',
  '/v1/rapidpace/',
  '/v1/me',
  '/v1/me/identities',
  '/v1/me/sessions',
  '/v1/me/',
  '/v1/oauth/',
  '/.well-known/',
];

/** Swagger's page and most generators keep the order of the document. */
export function inReadingOrder(document: OpenAPIObject): void {
  document.paths = Object.fromEntries(
    Object.entries(document.paths).toSorted(([one], [other]) => positionOf(one) - positionOf(other)),
  );
}

function positionOf(path: string): number {
  const fitting = ORDER.filter((beginning) => path.startsWith(beginning));
  const [longest] = fitting.toSorted((one, other) => other.length - one.length);
  return longest === undefined ? ORDER.length : ORDER.indexOf(longest);
}
