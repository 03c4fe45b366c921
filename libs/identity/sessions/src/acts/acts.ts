import { Registry } from '@countersign/text';

/** The requirements of an act. In a first-party application, it also needs a bot of the application's own. */
export interface ActDeclaration {
  /** The title for the person who confirms: an imperative sentence without a full stop. */
  readonly title: string;
  /**
   * - `account`: the level of the account, the same for all modules.
   * - `own`: that level; `bot-token` is enough for the data of the own application and identity.
   * - `reachable`: the highest that an identity of the person reaches, for rights within any one application.
   */
  readonly level: 'account' | 'own' | 'reachable';
  /** Whether it needs a proof of the last five minutes that names the act, besides the session. */
  readonly needsStepUp: boolean;
  /** Whether a sign-in proof of the last five minutes replaces the step-up. */
  readonly isDoneByFreshSignIn?: true;
  /** Another account or an earlier call requests the act, so only the grant of that request's launch steps up. */
  readonly isAskedByAnother?: true;
}

export interface Act extends ActDeclaration {
  /** `feature.act`, in snake_case. */
  readonly name: string;
}

const registry = new Registry<string, Act>('act', /^[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z]+)*$/);

/** Declares acts of a feature in the one table of acts, when its file is loaded. */
export function defineActs<Name extends string>(
  acts: Readonly<Record<Name, ActDeclaration>>,
): Readonly<Record<Name, Act>> {
  const named = Object.entries<ActDeclaration>(acts).map(([name, act]) => [name, { name, ...act }]);
  const declared = Object.fromEntries(named) as Record<Name, Act>;
  registry.define(declared);
  return declared;
}

export function listActs(): readonly Act[] {
  return registry.names.map((name) => registry.get(name));
}

/** @returns null for a name that no feature declares */
export function findAct(name: string): Act | null {
  return registry.has(name) ? registry.get(name) : null;
}
