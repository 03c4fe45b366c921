import { DefinitionsInUse } from '@countersign/runtime';

/** An operation that needs more than a session. In a first-party application, it also needs the application's own bot. */
export interface SensitiveOperation {
  /** `feature.operation`, in snake_case. */
  readonly name: string;
  /** The title for the person who confirms: an imperative sentence without a full stop. */
  readonly title: string;
  /**
   * - `account`: the level of the account, the same for all modules.
   * - `own`: that level; `bot-token` is enough for the data of the own application and identity.
   * - `reachable`: the highest that an identity of the person reaches, for rights within any one application.
   */
  readonly level: 'account' | 'own' | 'reachable';
  /** Whether it needs a proof of the last five minutes that names the operation, besides the session. */
  readonly needsStepUp: boolean;
  /** Whether a sign-in proof of the last five minutes replaces the step-up. */
  readonly isDoneByFreshSignIn?: true;
  /** Another account or an earlier call requests it, so only the grant of that request's launch steps up. */
  readonly isAskedByAnother?: true;
}

export const operationsInUse = new DefinitionsInUse<SensitiveOperation>(
  'operation',
  /^[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z]+)*$/,
);
