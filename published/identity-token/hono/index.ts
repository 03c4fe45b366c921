import type { MiddlewareHandler } from 'hono';
import type { IdentityToken, IdentityTokenVerifier } from '../src';
import { authorizer, type AuthRequirements } from '../src/authorizer';
import { setCaller } from '../src/get-auth';

export type { AuthRequirements } from '../src/authorizer';
export { getAuth } from '../src/get-auth';

/** `new Hono<AuthEnv>()`: `context.get('auth')` is the caller, behind `requireAuth()`. */
export interface AuthEnv {
  Variables: { auth: IdentityToken };
}

/**
 * Lets a request pass when the identity token in its `X-Identity-Token` is valid, and sets the variable `auth`.
 * Otherwise it answers 401, 403 where a scope or the assurance is insufficient, or 503 when that cannot be decided.
 * @throws TypeError for requirements that would let every request pass, or none
 */
export function requireAuth(
  verifier: IdentityTokenVerifier,
  requirements?: AuthRequirements,
): MiddlewareHandler<AuthEnv> {
  const authorize = authorizer(verifier, requirements);
  return async (context, next) => {
    const { caller, problem } = await authorize(context.req.header('x-identity-token'));
    if (problem) return context.body(JSON.stringify(problem.body), problem.status, { ...problem.headers });
    setCaller(context, caller);
    context.set('auth', caller);
    return next();
  };
}
