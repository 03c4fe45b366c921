import type { Type } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AppError } from '@countersign/errors';
import { extensionPoint } from '@countersign/extensions';
import type { FoundUser } from '@countersign/users';
import type { VerifiedSignIn } from '../doors/door';

/** A sign-in whose proof is used for the first time. Its user is locked until the transaction ends. */
export interface NewSignIn {
  readonly signIn: VerifiedSignIn;
  readonly user: FoundUser;
  /**
   * `null` with init data per request: nothing is used up, so the same init data may be presented again, also to
   * sign in.
   */
  readonly sessionId: string | null;
  /** Whether the person never visited the application before. Exact, also for simultaneous sign-ins of one person. */
  readonly isFirstInApplication: boolean;
}

/** A hook that adds a property to the answer of a sign-in. */
export interface SignInHookDeclaration {
  /** The property of `SignInResponse`, unique among all hooks. */
  readonly property: string;
  /** The documented class of its value. */
  readonly type: Type;
  /** Its description, for the document. */
  readonly description: string;
  /** The codes of the errors of `check`. */
  readonly codes: readonly string[];
}

/**
 * What a module does at a sign-in besides opening the session. It runs for the first use of a proof, and never for a
 * repeated proof, a refresh, step-up or linking; and for init data per request of a person who is new to the
 * application.
 *
 * A start parameter is chosen by the author of the link, and a referral code in a body by its sender: a hook reads both
 * as hostile, and refuses or ignores them without an error of the database.
 */
export interface SignInHook {
  /** Whether the hook has something to do. Pure and cheap: it is asked at every sign-in, and mostly says no. */
  appliesTo(signIn: VerifiedSignIn, isFirstInApplication: boolean): boolean;

  /**
   * Before a session is opened. An error refuses the sign-in, and nothing of it is stored. Writes nothing, and waits for
   * no lock. Absent where the hook refuses nothing.
   * @param signIns of different people, to all of which it applies
   * @returns an error or `null` for each, in order
   */
  check?(tx: EntityManager, signIns: readonly NewSignIn[]): Promise<readonly (AppError | null)[]>;

  /**
   * After the session is opened, in the same transaction: an error fails the whole sign-in. `LostRace` repeats the
   * transaction.
   * @param signIns of different people, to all of which it applies
   * @returns for each, in order, the value of the declared property in the answer; `null` for none
   */
  apply(tx: EntityManager, signIns: readonly NewSignIn[]): Promise<readonly (object | null)[]>;
}

/** Registers a provider as a hook of its module into sign-ins. Sign-ins and the document find it by that. */
export const HooksIntoSignIn = extensionPoint<SignInHook, SignInHookDeclaration>();
