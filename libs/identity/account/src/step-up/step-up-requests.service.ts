import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { StartLinks } from '@countersign/applications';
import { Clock, plusSeconds, secondsUntil } from '@countersign/clock';
import { Database } from '@countersign/database';
import { assertAllowed, RateLimits } from '@countersign/limits';
import { findAct, type Principal } from '@countersign/sessions';
import { accountError } from '../account.errors';
import { ActDecisions } from '../rules/act-decisions';
import { CODE_SECONDS, digestOfCode, mintCode, startParameterOf } from './one-time-code';
import type { StepUpRequestResponse, StepUpRequestStateResponse } from './step-up-request.dto';
import { StepUpsRepository } from './step-ups.repository';

const LIMIT = { name: 'step-up-requests', limit: 30, window: 3_600 };

/** Codes by which another launch of the Mini App steps up for one act. */
@Injectable()
export class StepUpRequests {
  constructor(
    private readonly database: Database,
    private readonly stepUps: StepUpsRepository,
    private readonly links: StartLinks,
    private readonly limits: RateLimits,
    private readonly decisions: ActDecisions,
    private readonly clock: Clock,
  ) {}

  /**
   * As `create`, and refuses at once what no launch of the person in the application would reach.
   * @throws AppError account.act_unknown, account.first_party_only, auth.assurance_too_low, request.rate_limited
   */
  async ask(caller: Principal, actName: string): Promise<StepUpRequestResponse> {
    const act = findAct(actName);
    if (act) await this.decisions.assertLaunchAtLevel(caller, act);
    return this.create(caller, actName);
  }

  /** @throws AppError account.act_unknown, request.rate_limited */
  async create(caller: Principal, actName: string): Promise<StepUpRequestResponse> {
    const act = findAct(actName);
    if (!act?.needsStepUp || act.isAskedByAnother) throw accountError('account.act_unknown');
    // Neither another act, nor another application, a weaker session or another identity of the account uses up what is left.
    const { applicationId, identityId, assurance, isOfAllowedBot } = caller;
    const key = [act.name, applicationId, identityId, assurance, String(isOfAllowedBot)];
    assertAllowed(await this.limits.consume(LIMIT, key));
    const code = mintCode();
    const links = await this.links.ofApps(caller.applicationId, startParameterOf('step-up', code));
    const row = {
      id: uuidv7(),
      act: act.name,
      askingSessionId: caller.sessionId,
      codeDigest: digestOfCode(code),
      expiresAt: plusSeconds(this.clock.now(), CODE_SECONDS),
      sessionId: null,
      grantDigest: null,
      grantExpiresAt: null,
      usedAt: null,
    };
    await this.database.transaction((tx) => this.stepUps.insert(tx, row));
    return {
      requestId: row.id,
      act: act.name,
      title: act.title,
      code,
      expiresIn: CODE_SECONDS,
      links: [...links],
    };
  }

  /**
   * What became of a code of this session.
   * @throws AppError account.step_up_request_not_found
   */
  async read({ sessionId }: Principal, requestId: string): Promise<StepUpRequestStateResponse> {
    const row = await this.database.read((manager) => this.stepUps.find(manager, requestId, sessionId));
    if (!row) throw accountError('account.step_up_request_not_found');
    const now = this.clock.now();
    const { act, usedAt, grantExpiresAt } = row;
    const until = grantExpiresAt ?? row.expiresAt;
    const open = grantExpiresAt ? 'stepped-up' : 'waiting';
    const state = usedAt ? 'done' : until > now ? open : 'expired';
    return { requestId, act, state, expiresIn: Math.max(0, secondsUntil(until, now)) };
  }
}
