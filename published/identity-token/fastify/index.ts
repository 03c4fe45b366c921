import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IdentityToken, IdentityTokenVerifier } from '../src';
import { authorizer, type AuthRequirements } from '../src/authorizer';
import { setCaller } from '../src/get-auth';

export type { AuthRequirements } from '../src/authorizer';
export { getAuth } from '../src/get-auth';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller, behind `requireAuth()`. */
    auth?: IdentityToken;
  }
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/**
 * A hook, for `onRequest` or `preHandler`. Lets a request pass when the identity token in its `X-Identity-Token` is
 * valid, and sets `request.auth`. Otherwise it answers 401, 403 where a scope or the assurance is insufficient, or 503
 * when that cannot be decided.
 * @throws TypeError for requirements that would let every request pass, or none
 */
export function requireAuth(verifier: IdentityTokenVerifier, requirements?: AuthRequirements): Hook {
  const authorize = authorizer(verifier, requirements);
  return async (request, reply) => {
    const { caller, problem } = await authorize(request.headers['x-identity-token']);
    // As text: schemas of the route would leave members out.
    if (problem)
      return reply.code(problem.status).headers(problem.headers).send(JSON.stringify(problem.body));
    setCaller(request, caller);
    request.auth = caller;
    return undefined;
  };
}
