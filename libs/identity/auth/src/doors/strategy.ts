import type { OnApplicationShutdown, Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import { Strategy as CustomStrategy } from 'passport-custom';
import { readInput } from '@countersign/http';
import { accepted, SIGN_IN, type DoorAnswer, type Presentation, type VerifiedSignIn } from './door';
import type { BodyDoorClass } from './proof-in-body';
import type { MayHaveReferralCode, SignInRequest } from './sign-in-request';

interface Validating {
  validate(request: FastifyRequest): Promise<VerifiedSignIn>;
}

/**
 * `passport-custom`, also for several applications in one process. Passport has one registry for the process, with one strategy of
 * a name: each request goes to the strategy of its own application, which the options of its `PassportModule` know.
 */
export class Strategy extends CustomStrategy implements OnApplicationShutdown {
  /** Passport makes `this` for one request. */
  override authenticate(
    this: passport.StrategyCreated<this>,
    request: unknown,
    { moduleRef }: { readonly moduleRef: ModuleRef },
  ): void {
    const own = moduleRef.get<Validating>(this.constructor, { strict: false });
    own.validate(request as FastifyRequest).then(
      (verified) => this.success(verified),
      (error: unknown) => this.error(error),
    );
  }

  /** What stays in the registry keeps no application in memory. */
  onApplicationShutdown(): void {
    const { _strategies: registered } = passport as unknown as {
      readonly _strategies: Readonly<Record<string, passport.Strategy>>;
    };
    for (const [name, strategy] of Object.entries(registered))
      if (strategy === this) passport.use(name, Object.create(Object.getPrototypeOf(this) as object) as this);
  }
}

/** A strategy whose proof stands in a JSON body, which it reads as the class of its declaration. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- a written type of a class has no abstract methods
export function BodyStrategy<Body extends SignInRequest>(name: string) {
  abstract class ReadsBody extends PassportStrategy(Strategy, name) {
    /** @throws AppError with the code of the first rule that fails. Uses nothing up, except for a challenge. */
    protected abstract verify(read: Body, presentation: Presentation): Promise<DoorAnswer>;

    validate({ body }: FastifyRequest): Promise<VerifiedSignIn> {
      return this.open(body);
    }

    /** @throws AppError request.unknown_field, request.invalid, and what `verify` throws */
    async open(body: unknown, presentation: Presentation = SIGN_IN): Promise<VerifiedSignIn> {
      const { declaration } = this.constructor as BodyDoorClass;
      const input = readInput(declaration.body as Type<Body & MayHaveReferralCode>, body);
      const read = Object.assign(input, { applicationId: input.applicationId.toLowerCase() });
      return accepted({
        ...(await this.verify(read, presentation)),
        deviceName: read.deviceName ?? null,
        cancelsErasure: read.cancelErasure ?? false,
        referralCode: read.referralCode ?? null,
      });
    }
  }
  return ReadsBody;
}
