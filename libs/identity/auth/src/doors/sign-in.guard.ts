import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noteVerdict } from '@countersign/limits';
import { RequestAuthenticator } from '@countersign/sessions';
import type { VerifiedSignIn } from './door';
import { DoorChecks } from './door-checks';

/** After the strategy: the origin of the page, the key of the device, and the limits. */
@Injectable()
export class SignInGuard implements CanActivate {
  constructor(
    private readonly checks: DoorChecks,
    private readonly requests: RequestAuthenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & { user: VerifiedSignIn }>();
    const opensSession = request.routeOptions.config.door?.success === 'signed_in';
    const dpop = opensSession ? this.requests.shownBy(request) : null;
    request.user = await this.checks.check(request.user, request.headers.origin, dpop);
    const reply = http.getResponse<FastifyReply>();
    await this.checks.count(request.user, (verdict) => noteVerdict(reply, verdict));
    return true;
  }
}
