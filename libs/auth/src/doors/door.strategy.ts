import { Inject, Injectable, mixin, type Type } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { AllowedOrigins } from '@countersign/applications';
import { Tracing } from '@countersign/observability';
import { DeviceKeys, RequestAuthenticator } from '@countersign/sessions';
import type { Door, VerifiedSignIn } from './door';

/** The Passport strategy of a door. Guards run before pipes, so the door validates its own input. */
export function DoorStrategy(doorType: Type<Door>, name: string): Type {
  @Injectable()
  class StrategyOfDoor extends PassportStrategy(Strategy, name) {
    constructor(
      @Inject(doorType) private readonly door: Door,
      @Inject(AllowedOrigins) private readonly origins: AllowedOrigins,
      @Inject(RequestAuthenticator) private readonly requests: RequestAuthenticator,
      @Inject(DeviceKeys) private readonly deviceKeys: DeviceKeys,
      @Inject(Tracing) private readonly tracing: Tracing,
    ) {
      super();
    }

    async validate(request: FastifyRequest): Promise<VerifiedSignIn> {
      const { body, headers } = request;
      const verified = await this.tracing.span('auth.verify', () => this.door.open(body));
      await this.origins.assertAllowed(verified.application.id, headers.origin);
      const shown = this.requests.shownBy(request);
      const deviceProof = await this.deviceKeys.atSignIn(shown, verified.application);
      return deviceProof
        ? { ...verified, deviceKeyThumbprint: deviceProof.thumbprint, deviceProof }
        : verified;
    }
  }
  return mixin(StrategyOfDoor);
}
