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
      /** The caller, if `requireAuth()` guards the route. */
      auth?: IdentityToken;
    }
  }
}

/** The middleware works with Express, and with every server whose requests are Node's. */
type Middleware = (
  request: IncomingMessage & { auth?: IdentityToken },
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Allows a request with a valid identity token in `X-Identity-Token`, and sets `request.auth`. Otherwise it answers
 * 401. It answers 403 if a scope or the assurance is insufficient, and 503 if the keys are unavailable.
 * @throws TypeError for requirements that would allow every request, or none
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
