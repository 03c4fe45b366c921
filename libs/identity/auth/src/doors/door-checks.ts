import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AllowedOrigins } from '@countersign/applications';
import { Tracing } from '@countersign/observability';
import { DeviceKeys, RequestAuthenticator } from '@countersign/sessions';
import type { RequestDoor, VerifiedSignIn } from './door';
import { SignInLimits } from './sign-in-limits';

/** The checks of every door besides its proof: origin, device key, limits. */
@Injectable()
export class DoorChecks {
  constructor(
    private readonly origins: AllowedOrigins,
    private readonly requests: RequestAuthenticator,
    private readonly deviceKeys: DeviceKeys,
    private readonly limits: SignInLimits,
    private readonly tracing: Tracing,
  ) {}

  /** @throws AppError with the code of the first rule that fails */
  async verify(door: RequestDoor, request: FastifyRequest): Promise<VerifiedSignIn> {
    const verified = await this.tracing.span('auth.verify', () => door.open(door.read(request)));
    await this.origins.assertAllowed(verified.application.id, request.headers.origin);
    if (!door.opensSession) return verified;
    const shown = this.requests.shownBy(request);
    const deviceProof = await this.deviceKeys.atSignIn(shown, verified.application);
    return deviceProof ? { ...verified, deviceKeyThumbprint: deviceProof.thumbprint, deviceProof } : verified;
  }

  /** Counts a verified sign-in, before anything is spent or written. @throws AppError request.rate_limited */
  count(signIn: VerifiedSignIn, reply: FastifyReply): Promise<void> {
    return this.limits.countSignIn(signIn, reply);
  }
}
