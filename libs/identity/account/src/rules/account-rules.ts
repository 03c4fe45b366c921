import { isAtLeast, weakestOf, type AccountLevel, type Assurance } from '@countersign/users';

export interface AskingSession {
  /** At most the cap of the identity that opened the session. */
  readonly assurance: Assurance;
  /** Whether the session rests on a bot that the application merely allows. */
  readonly isOfAllowedBot: boolean;
  readonly stepUp: Assurance | null;
}

export interface PresentedForAct {
  readonly environment: string;
  readonly assurance: Assurance;
  readonly weakestLink: Assurance;
  readonly isOfAllowedBot: boolean;
  /** The cap of the identity that the proof names; null when no account has it. */
  readonly cap: Assurance | null;
}

export type AccountAct =
  | { readonly act: 'open' }
  | {
      readonly act: 'step-up';
      readonly proof: PresentedForAct;
      /** The environment of the account's founding identity; null when it was removed. */
      readonly foundedIn: string | null;
    }
  | { readonly act: 'connect' | 'link'; readonly proof: PresentedForAct }
  | { readonly act: 'unlink'; readonly isFounding: boolean }
  | { readonly act: 'export' | 'erase' | 'join' | 'accept-join' }
  | {
      readonly act: 'merge';
      readonly proof: PresentedForAct;
      readonly otherLevel: AccountLevel;
      readonly otherFoundedIn: string | null;
    };

export type Verdict =
  | {
      readonly isAllowed: true;
      /** The weakest assurance involved: it is that of the step-up, and the cap of what is attached. */
      readonly assurance: Assurance;
    }
  | {
      readonly isAllowed: false;
      readonly code: 'account.step_up_required' | 'auth.assurance_too_low';
      readonly level: AccountLevel;
    };

/**
 * Decides whether a session may act on its account. All applications share an account, so its own level decides, and
 * every proof involved needs that level.
 * @param level of the account, see `AccountLevels`
 */
export function decide(level: AccountLevel, session: AskingSession, asked: AccountAct): Verdict {
  const tooLow: Verdict = { isAllowed: false, code: 'auth.assurance_too_low', level };
  if (session.isOfAllowedBot || !isAtLeast(session.assurance, level)) return tooLow;
  if ('proof' in asked && asked.proof.isOfAllowedBot) return tooLow;
  if (asked.act === 'open') return { isAllowed: true, assurance: session.assurance };
  if (asked.act === 'step-up') {
    const assurance = worthOf(asked.proof);
    return isOfTest(asked.proof, asked.foundedIn) || !isAtLeast(assurance, level)
      ? tooLow
      : { isAllowed: true, assurance };
  }
  const isAttached = asked.act === 'connect' || asked.act === 'link';
  if (isAttached && !isAtLeast(asked.proof.assurance, asked.proof.weakestLink)) return tooLow;
  if (asked.act === 'connect')
    return { isAllowed: true, assurance: weakestOf(session.assurance, asked.proof.assurance) };
  // A weaker session would lower the level of the account that is merged away.
  const isOtherTooLow =
    asked.act === 'merge' &&
    (isOfTest(asked.proof, asked.otherFoundedIn) ||
      !isAtLeast(weakestOf(session.assurance, worthOf(asked.proof)), asked.otherLevel));
  if (isOtherTooLow) return { isAllowed: false, code: 'auth.assurance_too_low', level: asked.otherLevel };
  if (session.stepUp === null || !isAtLeast(session.stepUp, level))
    return { isAllowed: false, code: 'account.step_up_required', level };
  const own = weakestOf(session.assurance, session.stepUp);
  if (asked.act === 'unlink')
    // Unlinking the founding identity needs `platform`: a forger of weaker proofs must not keep the account.
    return asked.isFounding && own !== 'platform'
      ? { ...tooLow, level: 'platform' }
      : { isAllowed: true, assurance: own };
  if (!('proof' in asked)) return { isAllowed: true, assurance: own };
  // Linking again may raise the cap, so the old cap does not count.
  const shown = asked.act === 'link' ? asked.proof.assurance : worthOf(asked.proof);
  return { isAllowed: true, assurance: weakestOf(own, shown) };
}

/**
 * Decides the step-up of a session below the account's level, for acts on the data of its own application and identity.
 * The proof is of its own identity. A vendor's assertion does not prove the person.
 */
export function decideApplicationStepUp(session: AskingSession, proof: PresentedForAct): Verdict {
  const level = 'bot-token';
  const isTooLow =
    session.isOfAllowedBot ||
    proof.isOfAllowedBot ||
    !isAtLeast(session.assurance, level) ||
    !isAtLeast(worthOf(proof), session.assurance);
  return isTooLow
    ? { isAllowed: false, code: 'auth.assurance_too_low', level }
    : // A stronger proof gives no more, because this step-up covers nothing of the account.
      { isAllowed: true, assurance: level };
}

/** Anyone can create and use accounts of a test environment, so they prove nothing about production accounts. */
export function isOfTest(
  { environment }: Pick<PresentedForAct, 'environment'>,
  foundedIn: string | null,
): boolean {
  return environment !== 'production' && foundedIn !== environment;
}

/** A proof counts for at most the cap of the identity that it names. */
function worthOf({ assurance, cap }: PresentedForAct): Assurance {
  return weakestOf(assurance, cap ?? 'platform');
}
