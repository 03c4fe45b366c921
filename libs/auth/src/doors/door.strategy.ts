import { Inject, Injectable, mixin, type Type } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { AllowedOrigins } from '@countersign/applications';
import type { Door, VerifiedSignIn } from './door';

/** The Passport strategy of a door. Guards run before pipes, so the door validates its own input. */
export function DoorStrategy(doorType: Type<Door>, name: string): Type {
  @Injectable()
  class StrategyOfDoor extends PassportStrategy(Strategy, name) {
    constructor(
      @Inject(doorType) private readonly door: Door,
      @Inject(AllowedOrigins) private readonly origins: AllowedOrigins,
    ) {
      super();
    }

    async validate({ body, headers }: FastifyRequest): Promise<VerifiedSignIn> {
      const verified = await this.door.open(body);
      await this.origins.assertAllowed(verified.application.id, headers.origin, headers.host);
      return verified;
    }
  }
  return mixin(StrategyOfDoor);
}
