import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import type { AppError } from '@countersign/text';
import { extensionPoint } from '@countersign/runtime';
import { UsersService, type FoundUser } from '@countersign/users';
import type { VerifiedSignIn } from '../doors/door';

/** The proof is used for the first time. */
export interface NewSignIn {
  readonly signIn: VerifiedSignIn;
  readonly user: FoundUser;
  /** `null` with init data per request. It is not consumed, so it may be presented again, also to sign in. */
  readonly sessionId: string | null;
  /** Whether this is the first visit to the application. Exact, also for simultaneous sign-ins of one person. */
  readonly isFirstInApplication: boolean;
}

export interface SignInHookDeclaration {
  /** The property of `SignInResponse`, unique among all hooks. */
  readonly property: string;
  readonly type: Type;
  readonly description: string;
  readonly codes: readonly string[];
}

/**
 * A module's work at a sign-in besides opening the session. It runs for the first use of a proof, and for init data per
 * request of a person who is new to the application. It never runs for a repeated proof, a refresh, step-up or linking.
 * The author of a link chooses its start parameter, and the sender of a body its referral code. A hook treats both as
 * hostile, and refuses or ignores them without an error of the database.
 */
export interface SignInHook {
  /** Whether the hook has something to do. Pure and cheap, because every sign-in asks it. */
  appliesTo(signIn: VerifiedSignIn, isFirstInApplication: boolean): boolean;

  /**
   * Runs before a session is opened. An error refuses the sign-in, and nothing is stored. Writes and waits for nothing.
   * @param signIns of different people, to all of which it applies
   * @returns the errors of the sign-ins that it refuses
   */
  check?(tx: EntityManager, signIns: readonly NewSignIn[]): Promise<ReadonlyMap<NewSignIn, AppError>>;

  /**
   * Runs in the transaction that opened the session. An error fails the sign-in; `LostRace` repeats the transaction.
   * @param signIns of different people, to all of which it applies
   * @returns the values of the declared property in the answers
   */
  apply(tx: EntityManager, signIns: readonly NewSignIn[]): Promise<ReadonlyMap<NewSignIn, object>>;
}

/** The answers of a hook that treats each sign-in on its own. */
export async function oneByOne<Answer extends object>(
  signIns: readonly NewSignIn[],
  answerOf: (signIn: NewSignIn) => Promise<Answer | null>,
): Promise<ReadonlyMap<NewSignIn, Answer>> {
  const answers = new Map<NewSignIn, Answer>();
  for (const each of signIns) {
    const answer = await answerOf(each);
    if (answer) answers.set(each, answer);
  }
  return answers;
}

/** Registers a provider as a hook into sign-ins. */
export const HooksIntoSignIn = extensionPoint<SignInHook, SignInHookDeclaration>();

export type Additions = Readonly<Record<string, object>>;

/** With init data per request there is no session. */
type Arriving = Pick<NewSignIn, 'signIn' | 'user'> & {
  readonly newSession?: { readonly sessionId: string };
};

@Injectable()
export class SignInHooks {
  private readonly hooks;

  constructor(
    private readonly users: UsersService,
    discovery: DiscoveryService,
  ) {
    this.hooks = HooksIntoSignIn.in(discovery);
  }

  anyAppliesTo(signIn: VerifiedSignIn, isFirstInApplication: boolean): boolean {
    return this.hooks.all.some((hook) => hook.appliesTo(signIn, isFirstInApplication));
  }

  /** Asks the database only about people who seem new: a simultaneous sign-in may be first. */
  async matchingOf(tx: EntityManager, group: readonly Arriving[]): Promise<readonly NewSignIn[]> {
    const matching = group.filter(({ signIn, user }) => this.anyAppliesTo(signIn, user.lastSeenOn === null));
    if (matching.length === 0) return [];
    const doubtful = matching.filter(({ user }) => user.lastSeenOn === null && !user.isNew);
    const seen = await this.users.findVisited(
      tx,
      doubtful.map(({ signIn, user }) => ({ userId: user.userId, applicationId: signIn.application.id })),
    );
    return matching.map(({ signIn, user, newSession }) => ({
      signIn,
      user,
      sessionId: newSession?.sessionId ?? null,
      isFirstInApplication: user.lastSeenOn === null && !seen.has(user.userId),
    }));
  }

  async check(
    tx: EntityManager,
    signIns: readonly NewSignIn[],
  ): Promise<ReadonlyMap<VerifiedSignIn, AppError>> {
    const refused = new Map<VerifiedSignIn, AppError>();
    for (const { provider: hook, matching } of this.hooksFor(signIns)) {
      if (!hook.check) continue;
      for (const [{ signIn }, error] of await hook.check(tx, matching))
        if (!refused.has(signIn)) refused.set(signIn, error);
    }
    return refused;
  }

  async apply(
    tx: EntityManager,
    signIns: readonly NewSignIn[],
  ): Promise<ReadonlyMap<VerifiedSignIn, Additions>> {
    const added = new Map<VerifiedSignIn, Additions>();
    for (const { provider: hook, declaration, matching } of this.hooksFor(signIns))
      for (const [{ signIn }, value] of await hook.apply(tx, matching))
        added.set(signIn, { ...added.get(signIn), [declaration.property]: value });
    return added;
  }

  private hooksFor(signIns: readonly NewSignIn[]) {
    if (signIns.length === 0) return [];
    return this.hooks.declared
      .map((registered) => ({
        ...registered,
        matching: signIns.filter(({ signIn, isFirstInApplication }) =>
          registered.provider.appliesTo(signIn, isFirstInApplication),
        ),
      }))
      .filter(({ matching }) => matching.length > 0);
  }
}
