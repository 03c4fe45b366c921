import {
  applyDecorators,
  Injectable,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import { authError } from '@countersign/auth';
import { Clock } from '@countersign/clock';
import { problemResponses } from '@countersign/http';
import {
  Authenticated,
  endOf,
  isAtLeast,
  sessionError,
  SessionsService,
  type Principal,
} from '@countersign/sessions';
import { accountError } from './account.errors';

/** Lets only those sessions pass that may reach across applications. Runs after the guard of the session. */
@Injectable()
export class AccountPlaneGuard implements CanActivate {
  constructor(private readonly applications: ApplicationsService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!principal) throw new Error('the guard of the session runs first');
    const { trust, settings } = await this.applications.getById(principal.applicationId);
    if (trust !== 'first-party') throw accountError('account.first_party_only');
    if (!isAtLeast(principal.assurance, settings.accountAssurance)) throw authError('auth.assurance_too_low');
    return true;
  }
}

/** `@Authenticated()` for what reaches across applications, and documents what that answers. */
export function AccountPlane(): MethodDecorator {
  return applyDecorators(
    Authenticated(),
    UseGuards(AccountPlaneGuard),
    ...problemResponses(['account.first_party_only', 'auth.assurance_too_low']),
  );
}

/** Sessions that were stepped up. */
@Injectable()
export class StepUps {
  constructor(
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
  ) {}

  /**
   * Locks the session until the transaction ends. The caller has locked the user.
   * @throws AppError account.step_up_required, session.ended when it ended meanwhile
   */
  async assertFresh(tx: EntityManager, { sessionId, userId }: Principal): Promise<void> {
    const session = await this.sessions.lockById(tx, sessionId);
    const now = this.clock.now();
    if (session?.userId !== userId || endOf(session, now)) throw sessionError('session.ended');
    if (!session.stepUpExpiresAt || session.stepUpExpiresAt <= now)
      throw accountError('account.step_up_required');
  }
}
