import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IdentityToken, IdentityTokenVerifier } from '../src';
import { authorizer, type AuthRequirements } from '../src/authorizer';
import { setCaller } from '../src/get-auth';

export type { AuthRequirements } from '../src/authorizer';
export { getAuth } from '../src/get-auth';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller, if `requireAuth()` guards the route. */
    auth?: IdentityToken;
  }
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/**
 * Returns a hook for `onRequest` or `preHandler`. It allows a request with a valid identity token in
 * `X-Identity-Token`, and sets `request.auth`. Otherwise it answers 401. It answers 403 if a scope or the assurance is
 * insufficient, and 503 if the keys are unavailable.
 * @throws TypeError for requirements that would allow every request, or none
 */
export function requireAuth(verifier: IdentityTokenVerifier, requirements?: AuthRequirements): Hook {
  const authorize = authorizer(verifier, requirements);
  return async (request, reply) => {
    const { caller, problem } = await authorize(request.headers['x-identity-token']);
    // The body is sent as text, because a schema of the route would leave members out.
    if (problem)
      return reply.code(problem.status).headers(problem.headers).send(JSON.stringify(problem.body));
    setCaller(request, caller);
    request.auth = caller;
    return undefined;
  };
}
