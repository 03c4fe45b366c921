import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { EntityManager } from 'typeorm';
import { ApplicationsService, type LimitSettings } from '@countersign/applications';
import { assertAllowed, noteVerdict, RateLimits, type LimitKey } from '@countersign/limits';
import type { Session } from '@countersign/sessions';
import type { VerifiedSignIn } from './doors/door';

/** How often one person may sign in to one application, and how often everybody together. Runs after the proof was verified. */
@Injectable()
export class SignInLimits implements CanActivate {
  constructor(
    private readonly limits: RateLimits,
    private readonly applications: ApplicationsService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const { proof, application, deviceKeyThumbprint } = http.getRequest<{ user: VerifiedSignIn }>().user;
    // By device too, where it has a key: whoever has stolen a proof does not use up what its owner's device may ask for.
    const key = deviceKeyThumbprint ?? '';
    const person = [application.id, proof.provider, proof.environment, proof.subject, key];
    const reply = http.getResponse<FastifyReply>();
    const { signIn, application: together } = application.settings.rateLimits;
    await this.count('sign-in', signIn, person, reply);
    await this.count('application', together, [application.id], reply);
    return true;
  }

  /** Like a sign-in, for the next pair of a session. @throws AppError request.rate_limited */
  async countRefresh(tx: EntityManager, { id, applicationId }: Session, reply: FastifyReply): Promise<void> {
    const { settings } = await this.applications.getByIdWithin(tx, applicationId);
    await this.count('refresh', settings.rateLimits.refresh, [id], reply);
    await this.count('application', settings.rateLimits.application, [applicationId], reply);
  }

  private async count(
    name: string,
    settings: LimitSettings | undefined,
    key: LimitKey,
    reply: FastifyReply,
  ): Promise<void> {
    if (!settings) return;
    const verdict = await this.limits.consume({ name, limit: settings.limit, window: settings.window }, key);
    // How much all the others ask for is nobody's business, until it stands in the way.
    if (name !== 'application' || !verdict.isAllowed) noteVerdict(reply, verdict);
    assertAllowed(verdict);
  }
}
