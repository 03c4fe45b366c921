import { isScopeList, type IdentityToken } from './identity-token';
import { IdentityTokenError } from './identity-token-error';
import type { IdentityTokenVerifier } from './identity-token-verifier';
import { isAtLeast, type IdentityTokenAssurance } from './options';
import { problemOf, scopeProblem, type Problem } from './problem';

/** The requirements of a route besides a valid identity token. */
export interface AuthRequirements {
  /** The session needs all of these scopes. */
  readonly scopes?: readonly [string, ...string[]];
  readonly leastAssurance?: IdentityTokenAssurance;
}

type Authorization =
  | { readonly caller: IdentityToken; readonly problem?: undefined }
  | { readonly caller?: undefined; readonly problem: Problem };

type Authorize = (token: string | readonly string[] | null | undefined) => Promise<Authorization>;

/**
 * Decides for all adapters. It passes errors other than an `IdentityTokenError` on.
 * @throws TypeError for requirements that would allow every request, or none
 */
export function authorizer(verifier: IdentityTokenVerifier, requirements: AuthRequirements = {}): Authorize {
  const { scopes, leastAssurance, ...others } = requirements;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new TypeError(`there is no requirement ${unknown}`);
  if (scopes !== undefined && !isScopeList(scopes)) throw new TypeError('scopes has to list scopes');
  if (leastAssurance !== undefined && !isAtLeast(leastAssurance, leastAssurance)) {
    throw new TypeError('name an assurance that is known');
  }
  return async (token) => {
    try {
      const caller = await verifier.verify(token);
      if (leastAssurance !== undefined && !isAtLeast(caller.assurance, leastAssurance)) {
        throw new IdentityTokenError('assurance_too_low');
      }
      const hasScopes = scopes?.every((scope) => caller.scopes.includes(scope)) ?? true;
      return hasScopes ? { caller } : { problem: scopeProblem(scopes ?? []) };
    } catch (error) {
      if (!(error instanceof IdentityTokenError)) throw error;
      return { problem: problemOf(error) };
    }
  };
}
