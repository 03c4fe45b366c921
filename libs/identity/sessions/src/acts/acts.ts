import { Registry } from '@countersign/text';

/** The requirements of an act, besides a bot of the application's own in a first-party application. */
export interface ActDeclaration {
  /** For the person who confirms it: what is done, as an imperative sentence without a full stop. */
  readonly title: string;
  /**
   * The assurance that the session needs. `account`: the level of the account, the same for all modules. `own`: that level
   * or, below it, `bot-token` for the data of the own application and identity. `reachable`: the highest that an identity of
   * the person reaches, for rights within one application, third-party ones included.
   */
  readonly level: 'account' | 'own' | 'reachable';
  /** Whether it asks for a proof of the last five minutes that names the act, besides the session. */
  readonly needsStepUp: boolean;
  /** Whether a session does it without step-up whose own sign-in proof is at most five minutes old. */
  readonly isDoneByFreshSignIn?: true;
  /**
   * Whether another account, or an earlier call, asks for the act. Then no session asks for a code for it, and only the grant of
   * the launch that carried the code of that request steps up for it.
   */
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
