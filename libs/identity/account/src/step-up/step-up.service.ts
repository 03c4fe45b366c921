import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ApplicationsService, StartLinks } from '@countersign/applications';
import { AuditService, personActor } from '@countersign/audit';
import {
  botNameOf,
  FirstProofs,
  HooksIntoSignIn,
  oneByOne,
  isOfAllowedBot,
  PresentedProofs,
  ProofConsumption,
  trailOf,
  type NewSignIn,
  type SignInHook,
  type VerifiedSignIn,
} from '@countersign/auth';
import { Clock, plusSeconds, secondsUntil } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { assertAllowed, RateLimits } from '@countersign/http';
import { operationsInUse, SessionsService, STEP_UP_SECONDS, type Principal } from '@countersign/sessions';
import { IdentitiesService, UsersService, weakestOf } from '@countersign/users';
import { accountError } from '../account.errors';
import { AccountActs, bySession, foundingEnvironmentOf, presented } from '../rules/account-acts.service';
import { isOfTest } from '../rules/account-rules';
import type { StepUpResponse } from '../dto/me.response';
import { ActDecisions } from '../rules/act-decisions';
import { Grants } from './grants';
import { codeInStartParam, CODE_SECONDS, digestOfCode, mintCode, startParameterOf } from './one-time-code';
import {
  SignInStepUpResponse,
  type StepUpRequestResponse,
  type StepUpRequestStateResponse,
} from './step-up-request.dto';
import { StepUpEntity } from './step-up.entity';
import { accountEvents } from '../account.feature';

const LIMIT = { name: 'step-up-requests', limit: 30, window: 3_600 };

/** Steps up a session: for one act by a code that another launch of the Mini App carries, or by a fresh proof. */
@Injectable()
@HooksIntoSignIn({
  property: 'stepUp',
  type: SignInStepUpResponse,
  description:
    'Only at the first use of a proof whose start parameter is `s_` and a code that this person asked for in this ' +
    'application: the act, and the grant for it.',
  codes: [],
})
export class StepUpService implements SignInHook {
  constructor(
    private readonly database: Database,
    private readonly proofs: PresentedProofs,
    private readonly consumption: ProofConsumption,
    private readonly firstProofs: FirstProofs,
    private readonly users: UsersService,
    private readonly applications: ApplicationsService,
    private readonly sessions: SessionsService,
    private readonly acts: AccountActs,
    private readonly links: StartLinks,
    private readonly grants: Grants,
    private readonly identities: IdentitiesService,
    private readonly audit: AuditService,
    private readonly limits: RateLimits,
    private readonly decisions: ActDecisions,
    private readonly clock: Clock,
  ) {}

  /** Refuses at once an act that no launch of the person in the application can do. */
  async ask(caller: Principal, actName: string): Promise<StepUpRequestResponse> {
    const act = operationsInUse.find(actName);
    if (act) await this.decisions.assertLaunchAtLevel(caller, act);
    if (!act?.needsStepUp || act.isAskedByAnother) throw accountError('account.act_unknown');
    // Each act, application, identity and assurance has a limit of its own.
    const { applicationId, identityId, assurance, isOfAllowedBot } = caller;
    const key = [act.name, applicationId, identityId, assurance, String(isOfAllowedBot)];
    assertAllowed(await this.limits.consume(LIMIT, key));
    const code = mintCode();
    const links = await this.links.ofApps(caller.applicationId, startParameterOf('step-up', code));
    const { name, title } = act;
    const row = {
      id: uuidv7(),
      act: name,
      askingSessionId: caller.sessionId,
      codeDigest: digestOfCode(code),
      expiresAt: plusSeconds(this.clock.now(), CODE_SECONDS),
    };
    await this.database.transaction((tx) => tx.insert(StepUpEntity, row));
    return { requestId: row.id, act: name, title, code, expiresIn: CODE_SECONDS, links: [...links] };
  }

  async read({ sessionId }: Principal, requestId: string): Promise<StepUpRequestStateResponse> {
    const row = await this.database.read((manager) =>
      manager.findOneBy(StepUpEntity, { id: requestId, askingSessionId: sessionId }),
    );
    if (!row) throw accountError('account.step_up_request_not_found');
    const now = this.clock.now();
    const { act, usedAt, grantExpiresAt } = row;
    const until = grantExpiresAt ?? row.expiresAt;
    const open = grantExpiresAt ? 'stepped-up' : 'waiting';
    const state = usedAt ? 'done' : until > now ? open : 'expired';
    return { requestId, act, state, expiresIn: Math.max(0, secondsUntil(until, now)) };
  }

  /** The act still needs a call of its own, with the grant. */
  appliesTo({ proof }: VerifiedSignIn): boolean {
    return codeInStartParam('step-up', proof.startParam) !== null;
  }

  apply(tx: EntityManager, signIns: readonly NewSignIn[]): Promise<ReadonlyMap<NewSignIn, object>> {
    return oneByOne(signIns, (each) => this.applyOne(tx, each));
  }

  private async applyOne(
    tx: EntityManager,
    { signIn: { proof, application }, user: { userId, cap, auditPseudonym }, sessionId }: NewSignIn,
  ): Promise<SignInStepUpResponse | null> {
    const code = codeInStartParam('step-up', proof.startParam);
    if (code === null || sessionId === null) return null;
    const foundedIn = foundingEnvironmentOf(await this.identities.listOf(tx, userId));
    if (isOfTest(proof, foundedIn)) return null;
    const applicationId = application.id;
    const assurance = weakestOf(proof.assurance, cap);
    const session = { userId, applicationId, assurance, isOfAllowedBot: isOfAllowedBot(proof) };
    const asked = await tx.findOneBy(StepUpEntity, { codeDigest: digestOfCode(code) });
    const act = asked && operationsInUse.find(asked.act);
    const asking = asked?.askingSessionId && (await this.sessions.findById(tx, asked.askingSessionId));
    if (!act || !asking || asking.endedAt || asking.userId !== userId) return null;
    if (asking.applicationId !== applicationId) return null;
    // The person's own launch still finds the code.
    if (!(await this.decisions.isAtLevel(session, act, tx))) return null;
    const granted = await this.grants.claim(tx, asked.id, sessionId);
    if (!granted) return null;
    await this.audit.record(tx, accountEvents.sessionSteppedUp, {
      actor: personActor(auditPseudonym),
      applicationId,
      subject: sessionId,
      details: { ...trailOf(proof), act: act.name },
      event: { userId, sessionId, applicationId },
    });
    return { act: act.name, title: act.title, ...granted };
  }

  /** Below the account's level, and in third-party applications, it covers only acts on the data of the application. */
  async stepUp(caller: Principal, body: unknown): Promise<StepUpResponse> {
    const verified = await this.proofs.open(body, caller, 'step-up');
    const consumeProof = await this.consumption.prepare(verified);
    const { userId, applicationId, sessionId } = caller;
    const expiresAt = await this.database.transaction(async (tx) => {
      const { proof } = verified;
      await verified.consume?.(tx);
      const user = await this.users.lock(tx, userId);
      const known = await this.users.findByClaim(proof, tx);
      if (known?.userId !== userId) throw accountError('account.other_person');
      await this.identities.assertProves(tx, user, known.identityId, proof);
      const asking = await this.acts.lock(tx, user, caller);
      const foundedIn = foundingEnvironmentOf(await this.identities.listOf(tx, userId));
      const shown = presented(proof, known.cap);
      const { trust } = await this.applications.getById(applicationId);
      const isBelow = trust !== 'first-party' || !this.acts.isAtLevel(asking);
      if (isBelow && known.identityId !== caller.identityId) throw accountError('account.other_person');
      const assurance = isBelow
        ? this.acts.assertApplicationStepUp(asking, shown)
        : this.acts.assertAllowed(asking, { act: 'step-up', proof: shown, foundedIn });
      await consumeProof(tx, sessionId);
      await this.firstProofs.apply(tx, user, known, proof);
      const until = plusSeconds(this.clock.now(), STEP_UP_SECONDS);
      await this.sessions.stepUp(tx, sessionId, { expiresAt: until, assurance, bot: botNameOf(proof) });
      await this.audit.record(tx, accountEvents.sessionSteppedUp, {
        ...bySession(caller),
        subject: sessionId,
        details: { ...trailOf(proof), ...asking.trail },
        event: { userId, sessionId, applicationId },
      });
      return until;
    });
    return { stepUpExpiresIn: secondsUntil(expiresAt, this.clock.now()) };
  }
}
