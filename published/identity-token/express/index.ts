import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IdentityToken, IdentityTokenVerifier } from '../src';
import { authorizer, type AuthRequirements } from '../src/authorizer';
import { setCaller } from '../src/get-auth';

export type { AuthRequirements } from '../src/authorizer';
export { getAuth } from '../src/get-auth';

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- so do the types of Express name it
  namespace Express {
    interface Request {
      /** The caller, behind `requireAuth()`. */
      auth?: IdentityToken;
    }
  }
}

/** Of Express, or of any other server whose requests are Node's. */
type Middleware = (
  request: IncomingMessage & { auth?: IdentityToken },
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Lets a request pass when the identity token in its `X-Identity-Token` is valid, and sets `request.auth`. Otherwise it
 * answers 401, 403 where a scope or the assurance is insufficient, or 503 when that cannot be decided.
 * @throws TypeError for requirements that would let every request pass, or none
 */
export function requireAuth(verifier: IdentityTokenVerifier, requirements?: AuthRequirements): Middleware {
  const authorize = authorizer(verifier, requirements);
  return (request, response, next) => {
    void authorize(request.headers['x-identity-token']).then(({ caller, problem }) => {
      if (problem) {
        response.writeHead(problem.status, problem.headers).end(JSON.stringify(problem.body));
        return;
      }
      setCaller(request, caller);
      request.auth = caller;
      next();
    }, next);
  };
}
