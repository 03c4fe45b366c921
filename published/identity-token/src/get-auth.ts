import type { IdentityToken } from './identity-token';

/** The map is outside the request, so other code in the process cannot set a caller. */
const callers = new WeakMap<object, IdentityToken>();

export function callerOf(request: object): IdentityToken | undefined {
  return callers.get(request);
}

export function setCaller(request: object, caller: IdentityToken): void {
  callers.set(request, caller);
}

/**
 * Returns the caller of a request that `requireAuth()` has allowed. Other code in the process cannot change it.
 * @param request the framework's own object
 * @throws Error if `requireAuth()` does not guard the route
 */
export function getAuth(request: object): IdentityToken {
  const caller = callerOf(request);
  if (!caller) throw new Error('getAuth() needs requireAuth()');
  return caller;
}
