import type { IdentityTokenVerifier } from '../src';
import { authorizer, type AuthRequirements } from '../src/authorizer';
import { setCaller } from '../src/get-auth';
import type { Problem } from '../src/problem';

export type { AuthRequirements } from '../src/authorizer';
export { getAuth } from '../src/get-auth';

type RouteHandler<Asked extends Request, Rest extends unknown[], Answer> = (
  request: Asked,
  ...rest: Rest
) => Answer | Promise<Answer>;

type Guard = <Asked extends Request, Rest extends unknown[], Answer>(
  handler: RouteHandler<Asked, Rest, Answer>,
) => (request: Asked, ...rest: Rest) => Promise<Answer | Response>;

/**
 * Guards route handlers. Calls the handler when the identity token in the request's `X-Identity-Token` is valid.
 * Otherwise it answers 401, 403 where a scope or the assurance is insufficient, or 503 when that cannot be decided.
 * @throws TypeError for requirements that would let every request pass, or none
 */
export function requireAuth(verifier: IdentityTokenVerifier, requirements?: AuthRequirements): Guard {
  const authorize = authorizer(verifier, requirements);
  return (handler) =>
    async (request, ...rest) => {
      const { caller, problem } = await authorize(request.headers.get('x-identity-token'));
      if (problem) return answer(problem);
      setCaller(request, caller);
      return handler(request, ...rest);
    };
}

/**
 * The function of `proxy.ts`: answers requests as `requireAuth()` does, before they reach a page or a route handler.
 * A matcher can be bypassed: guard the route handlers too.
 * @throws TypeError as `requireAuth()`
 */
export function authProxy(
  verifier: IdentityTokenVerifier,
  requirements?: AuthRequirements,
): (request: Request) => Promise<Response | undefined> {
  const authorize = authorizer(verifier, requirements);
  return async (request) => {
    const { problem } = await authorize(request.headers.get('x-identity-token'));
    return problem && answer(problem);
  };
}

function answer({ status, headers, body }: Problem): Response {
  return new Response(JSON.stringify(body), { status, headers });
}
