import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService, type Application } from '@countersign/applications';
import { authError, botNameOf, doorsInUse, isOfAllowedBot, type VerifiedProof } from '@countersign/auth';
import { Clock, plusSeconds } from '@countersign/runtime';
import type { AuditRecord } from '@countersign/audit';
import type { AppError } from '@countersign/text';
import {
  AccountAccess,
  endOf,
  sessionError,
  SessionsService,
  STEP_UP_SECONDS,
  type SensitiveOperation,
  type Principal,
  type Session,
} from '@countersign/sessions';
import {
  AccountLevels,
  isAtLeast,
  weakestLinkOf,
  type AccountLevel,
  type Assurance,
  type OwnIdentity,
  type LockedUser,
} from '@countersign/users';
import { accountError } from '../account.errors';
import {
  decide,
  decideApplicationStepUp,
  type AccountAct,
  type AskingSession,
  type PresentedForAct,
  type Verdict,
} from './account-rules';
import { Grants, type Granted } from '../step-up/grants';

const ofAccount = { level: 'account', needsStepUp: true } as const;

export const accountOperations = {
  acceptJoin: {
    name: 'account.accept_join',
    ...ofAccount,
    isAskedByAnother: true,
    title: 'Join this account to another one',
  },
  erase: { name: 'account.erase', ...ofAccount, title: 'Erase the account' },
  export: { name: 'account.export', ...ofAccount, title: 'Export everything that is stored about you' },
  join: { name: 'account.join', ...ofAccount, title: 'Ask another account to join this one' },
  link: { name: 'account.link', ...ofAccount, title: 'Link another way to sign in' },
  unlink: { name: 'account.unlink', ...ofAccount, title: 'Remove a way to sign in' },
} as const satisfies Readonly<Record<string, SensitiveOperation>>;

export function tooLow(level: AccountLevel): Error {
  const ways = doorsInUse.all.flatMap(({ declaration: { levels } }) => levels?.[level] ?? []);
  return authError('auth.assurance_too_low', {
    detail: `This asks for the level "${level}" by a bot of the application itself. These ways to sign in reach it: ${ways.join(', ')}.`,
  });
}

/** A session that asks for an act on its account. It is locked until the transaction ends. */
export interface Asking {
  readonly session: Session;
  readonly act: SensitiveOperation | undefined;
  readonly level: AccountLevel;
  readonly asking: AskingSession;
  /** The proof that opened the session is at most five minutes old. */
  readonly isFreshSignIn: boolean;
  readonly trail: Readonly<Record<string, string>>;
  /** The bots of the session and its step-up, as `provider/environment/id`. */
  readonly bots: readonly string[];
}

/** Counts the sign-in as a step-up, for rights of a person where no relaunch can give one. */
export function steppedUpBySignIn(asking: Asking): Asking {
  const { stepUp, assurance } = asking.asking;
  return { ...asking, asking: { ...asking.asking, stepUp: stepUp ?? assurance } };
}

@Injectable()
export class AccountActs {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly sessions: SessionsService,
    private readonly access: AccountAccess,
    private readonly levels: AccountLevels,
    private readonly grants: Grants,
    private readonly clock: Clock,
  ) {}

  async assertAtLevel(caller: Principal): Promise<void> {
    const application = await this.assertFirstParty(caller);
    if (await this.access.isAccountWide(caller, application)) return;
    const { accountAssurance } = application.settings;
    throw tooLow(await this.levels.of({ userId: caller.userId, applicationLevel: accountAssurance }));
  }

  async assertFirstParty({ applicationId }: Principal): Promise<Application> {
    const application = await this.applications.getById(applicationId);
    if (application.trust !== 'first-party') throw accountError('account.first_party_only');
    return application;
  }

  /** Refuses assertions of vendors and proofs of allowed bots. */
  assertProven({ assurance, isOfAllowedBot }: Principal): void {
    if (isOfAllowedBot || !isAtLeast(assurance, 'bot-token')) throw tooLow('bot-token');
  }

  /**
   * Locks the session until the transaction ends, and consumes the call's grant for `act`. The session is then stepped
   * up for this call.
   * @param asked for an act that another account asks for, or that is only checked. Only the grant of that request
   * steps up, and it stays valid until `Grants.redeem`.
   */
  async lock(
    tx: EntityManager,
    { userId }: LockedUser,
    caller: Principal,
    act?: SensitiveOperation,
    asked?: Granted,
  ): Promise<Asking> {
    const { sessionId } = caller;
    const session = await this.sessions.lockById(tx, sessionId);
    const now = this.clock.now();
    if (session?.userId !== userId || endOf(session, now)) throw sessionError('session.ended');
    const { assurance, isOfAllowedBot: isOfAllowed, stepUpAssurance, stepUpBot } = session;
    const isSteppedUp = session.stepUpExpiresAt !== null && session.stepUpExpiresAt > now;
    const isFresh = isSteppedUp && !act?.isAskedByAnother;
    const bot = await this.botOf(session);
    // The sign-in that opened this session earned the grant.
    const isGranted = asked
      ? await this.grants.check(tx, caller, asked)
      : act !== undefined && (await this.grants.redeem(tx, caller, { act }));
    const stepUp = isGranted ? assurance : isFresh ? stepUpAssurance : null;
    const secondBot = isGranted ? null : stepUp && stepUpBot;
    return {
      session,
      act,
      level: await this.levelOf(tx, session.applicationId, userId),
      asking: { assurance, isOfAllowedBot: isOfAllowed, stepUp },
      isFreshSignIn: session.proofMadeAt !== null && session.proofMadeAt > plusSeconds(now, -STEP_UP_SECONDS),
      trail: {
        sessionAssurance: assurance,
        ...(bot ? { sessionBot: bot } : {}),
        ...(stepUp ? { stepUpAssurance: stepUp } : {}),
        ...(secondBot ? { stepUpBot: secondBot } : {}),
      },
      bots: [bot, secondBot].filter((name) => name !== null),
    };
  }

  async levelOf(tx: EntityManager, applicationId: string, userId: string): Promise<AccountLevel> {
    const { settings } = await this.applications.getById(applicationId);
    return this.levels.of({ userId, applicationLevel: settings.accountAssurance }, tx);
  }

  /** @returns the weakest assurance involved */
  assertAllowed(
    { level, asking, act }: Pick<Asking, 'level' | 'asking'> & Partial<Pick<Asking, 'act'>>,
    asked: AccountAct,
  ): Assurance {
    return allowed(decide(level, asking, asked), act);
  }

  /** Whether the session may act on its account, with or without a step-up. */
  isAtLevel({ level, asking }: Asking): boolean {
    return decide(level, asking, { act: 'open' }).isAllowed;
  }

  /** @returns the assurance of the step-up. */
  assertApplicationStepUp({ asking, act }: Asking, proof: PresentedForAct): Assurance {
    return allowed(decideApplicationStepUp(asking, proof), act);
  }

  /** The bot of a session, as `provider/environment/id`; `null` when none signed, or when it is gone. */
  private async botOf({ applicationId, botRowId }: Session): Promise<string | null> {
    if (botRowId === null) return null;
    const { bots } = await this.applications.getBots(applicationId);
    const bot = bots.find(({ id }) => id === botRowId);
    return bot ? `${bot.provider}/${bot.environment}/${bot.botId}` : null;
  }
}

/** The error names the act for which the client can ask for a code. */
export function stepUpRequired(act: SensitiveOperation | undefined, detail?: string): AppError {
  return accountError('account.step_up_required', {
    ...(detail === undefined ? {} : { detail }),
    ...(act && !act.isAskedByAnother ? { members: { act: act.name } } : {}),
  });
}

function allowed(verdict: Verdict, act: SensitiveOperation | undefined): Assurance {
  if (verdict.isAllowed) return verdict.assurance;
  throw verdict.code === 'auth.assurance_too_low' ? tooLow(verdict.level) : stepUpRequired(act);
}

export function foundingEnvironmentOf(identities: readonly OwnIdentity[]): string | null {
  return identities.find(({ isFounding }) => isFounding)?.environment ?? null;
}

/** @param cap of the identity that the proof names; null when no account has it */
export function presented(proof: VerifiedProof, cap: Assurance | null): PresentedForAct {
  const { provider, environment, assurance } = proof;
  const weakestLink = weakestLinkOf(provider);
  return { environment, assurance, weakestLink, isOfAllowedBot: isOfAllowedBot(proof), cap };
}

export function botsOf({ bots }: Pick<Asking, 'bots'>, proof: VerifiedProof): readonly string[] {
  return [...new Set([...bots, botNameOf(proof)].filter((name) => name !== null))];
}

export function bySession({ sessionId, applicationId }: Principal): Pick<AuditRecord, 'actor'> & {
  readonly applicationId: string;
} {
  return { actor: `session:${sessionId}`, applicationId };
}
