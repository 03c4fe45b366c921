import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApplicationsService } from '@countersign/applications';
import { assertAllowed, noteVerdict, RateLimits } from '@countersign/limits';
import type { Principal } from '../session';

/** Call limits of one person in one application. */
@Injectable()
export class CallLimits {
  constructor(
    private readonly limits: RateLimits,
    private readonly applications: ApplicationsService,
  ) {}

  /** @throws AppError request.rate_limited */
  async count(
    { applicationId, userId }: Pick<Principal, 'applicationId' | 'userId'>,
    { method }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { settings } = await this.applications.getById(applicationId);
    const name = method === 'GET' || method === 'HEAD' ? 'read' : 'write';
    const { limit, window } = settings.rateLimits[name];
    const verdict = await this.limits.consume({ name, limit, window }, [applicationId, userId]);
    noteVerdict(reply, verdict);
    assertAllowed(verdict);
  }
}
