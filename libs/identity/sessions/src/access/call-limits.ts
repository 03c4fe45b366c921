import { Injectable, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import { assertAllowed, RateLimits, type Verdict } from '@countersign/http';
import type { Principal, Session } from '../session';

/** Limits calls per identity and application. Identities of one account may still belong to two people. */
@Injectable()
export class CallLimits {
  constructor(
    private readonly limits: RateLimits,
    private readonly applications: ApplicationsService,
  ) {}

  /** Counts the call, and names the caller in the log line. */
  async allow(
    caller: Pick<Principal, 'applicationId' | 'userId' | 'identityId'>,
    context: ExecutionContext,
  ): Promise<true> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.callerUserId = caller.userId;
    await this.count(caller, request);
    return true;
  }

  /** Applies the limit of one session. @param tx the transaction of a caller that holds a connection */
  async countRefresh(
    { id, applicationId }: Pick<Session, 'id' | 'applicationId'>,
    tx?: EntityManager,
  ): Promise<Verdict> {
    const { settings } = tx
      ? await this.applications.getByIdWithin(tx, applicationId)
      : await this.applications.getById(applicationId);
    const { limit, window } = settings.rateLimits.calls;
    return this.limits.consume({ name: 'refresh', limit: Math.ceil(limit / 2), window: 2 * window }, [id]);
  }

  async count(
    { applicationId, identityId }: Pick<Principal, 'applicationId' | 'identityId'>,
    { method }: FastifyRequest,
  ): Promise<void> {
    const { settings } = await this.applications.getById(applicationId);
    const { limit, window } = settings.rateLimits.calls;
    const reading = { name: 'read', limit, window };
    const writing = { name: 'write', limit: Math.ceil(limit / 10), window };
    const rule = method === 'GET' || method === 'HEAD' ? reading : writing;
    assertAllowed(await this.limits.consume(rule, [applicationId, identityId]));
  }
}
