import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService, type Application } from '@countersign/applications';
import type { AppError } from '@countersign/text';
import type { Principal, SensitiveOperation } from '@countersign/sessions';
import { AccountLevels, isAtLeast, strongestOf, type Assurance, type LockedUser } from '@countersign/users';
import { AccountActs, steppedUpBySignIn, stepUpRequired, tooLow, type Asking } from './account-acts.service';

const STEP_UP_BELOW =
  'This asks for a fresh proof of the identity that signed in. Ask for a code with POST /v1/me/step-up/requests, open its ' +
  'link, and repeat the call there with the grant. Log In With Telegram and identities that answer challenges step up with ' +
  'POST /v1/me/step-up.';

export type ActingSession = Pick<Principal, 'userId' | 'applicationId' | 'assurance' | 'isOfAllowedBot'>;

/** Decides whether a session may do an act within its application. `AccountActs` decides acts across applications. */
@Injectable()
export class ActDecisions {
  constructor(
    private readonly acts: AccountActs,
    private readonly applications: ApplicationsService,
    private readonly levels: AccountLevels,
  ) {}

  /** Checks the level without a step-up: for reads, and for a quick refusal. */
  async assertAtLevel(session: ActingSession, act: SensitiveOperation, tx?: EntityManager): Promise<void> {
    const application = await this.applicationOf(session, tx);
    assertOwnBot(application, session);
    // No level is above `platform`.
    if (session.assurance === 'platform') return;
    assertAtLeast(session.assurance, await this.levelOf(application, session, act, tx));
  }

  /** Checks that the session, or a launch by a bot of the application, can have the level of the act. */
  async assertLaunchAtLevel(caller: Principal, act: SensitiveOperation): Promise<void> {
    if (act.level === 'account') await this.acts.assertFirstParty(caller);
    const { userId, applicationId, isOfAllowedBot } = caller;
    const { bots } = await this.applications.getBots(applicationId);
    const launched = await this.levels.highestBy(
      userId,
      bots.filter(({ status }) => status !== 'disabled'),
    );
    const assurance = isOfAllowedBot ? launched : strongestOf(launched, caller.assurance);
    const application = await this.applications.getById(applicationId);
    const level = await this.levelOf(application, { ...caller, assurance }, act);
    assertAtLeast(assurance, strongestOf('bot-token', level));
  }

  async isAtLevel(session: ActingSession, act: SensitiveOperation, tx: EntityManager): Promise<boolean> {
    try {
      await this.assertAtLevel(session, act, tx);
      return true;
    } catch (error) {
      if ((error as Partial<AppError>).code !== 'auth.assurance_too_low') throw error;
      return false;
    }
  }

  /**
   * Locks the session until the transaction ends, and consumes the grant of the call.
   * @returns the session, without a step-up if its sign-in counted as one
   */
  async assertSteppedUp(
    tx: EntityManager,
    user: LockedUser,
    caller: Principal,
    act: SensitiveOperation,
  ): Promise<Asking> {
    const locked = await this.acts.lock(tx, user, caller, act);
    const { userId, applicationId } = caller;
    const isByFreshSignIn = act.isDoneByFreshSignIn && locked.isFreshSignIn;
    const { asking } = isByFreshSignIn ? steppedUpBySignIn(locked) : locked;
    const session = { userId, applicationId, ...asking };
    const application = await this.applicationOf(session, tx);
    assertOwnBot(application, session);
    // A vendor's assertion does not prove the person.
    const level = strongestOf('bot-token', await this.levelOf(application, session, act, tx));
    assertAtLeast(session.assurance, level);
    // In third-party applications, `POST /v1/me/step-up` counts as `bot-token`, though its proof was not weaker.
    const needed = application.trust === 'first-party' ? level : 'bot-token';
    if (session.stepUp === null || !isAtLeast(session.stepUp, needed))
      throw stepUpRequired(act, STEP_UP_BELOW);
    return locked;
  }

  private async levelOf(
    { settings: { accountAssurance: applicationLevel } }: Application,
    { userId, assurance }: ActingSession,
    { level }: SensitiveOperation,
    tx?: EntityManager,
  ): Promise<Assurance> {
    const account = { userId, applicationLevel };
    if (level === 'reachable') return this.levels.highestOf(account, tx);
    const ofAccount = await this.levels.of(account, tx);
    return level === 'own' && !isAtLeast(assurance, ofAccount) ? 'bot-token' : ofAccount;
  }

  private async applicationOf({ applicationId }: ActingSession, tx?: EntityManager): Promise<Application> {
    return tx ? this.applications.getByIdWithin(tx, applicationId) : this.applications.getById(applicationId);
  }
}

/** An allowed bot's operator can sign in as each of its visitors. Third-party applications may have no other bots. */
function assertOwnBot(
  { trust }: Application,
  { isOfAllowedBot }: Pick<ActingSession, 'isOfAllowedBot'>,
): void {
  if (isOfAllowedBot && trust === 'first-party') throw tooLow('bot-token');
}

function assertAtLeast(assurance: Assurance, level: Assurance): void {
  if (!isAtLeast(assurance, level)) throw tooLow(level === 'platform' ? 'platform' : 'bot-token');
}
