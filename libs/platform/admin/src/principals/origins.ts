import { isPrincipalActor } from './principal';

/** The company's OpenID provider: it makes principals of its people, and gives them scopes. */
export const PROVIDER = 'provider';

/** An actor of the administration, and who could act as it. */
export interface ActorOrigins {
  /** As the audit trail names it. */
  readonly actor: string;
  /** Null: unknown. */
  readonly origins: readonly string[] | null;
}

/**
 * The origins of a principal after an actor got a credential of it. The command line is no origin of what its principals do:
 * it makes the first ones.
 * @returns null where an origin is unknown
 */
export function originsAfter(before: readonly string[] | null, by: ActorOrigins): string[] | null {
  if (before === null || by.origins === null) return null;
  return [...new Set([...before, by.actor, ...by.origins.filter(isPrincipalActor)])];
}

/** The actor that could act as both, or that created or holds credentials of the asking principal; null where they are independent. */
export function commonOrigin(asking: ActorOrigins, deciding: ActorOrigins): string | null {
  if (asking.origins === null) return asking.actor;
  if (deciding.origins === null) return deciding.actor;
  // Names at the command line are statements: all of them are one actor.
  if (!isPrincipalActor(deciding.actor))
    return asking.origins.find((origin) => !isPrincipalActor(origin) && origin !== PROVIDER) ?? null;
  const ofAsking = new Set([asking.actor, ...asking.origins].filter(isPrincipalActor));
  return [deciding.actor, ...deciding.origins].find((origin) => ofAsking.has(origin)) ?? null;
}
