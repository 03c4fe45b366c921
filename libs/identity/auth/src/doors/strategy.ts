import type { Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import { Strategy as CustomStrategy } from 'passport-custom';
import { readInput } from '@countersign/http';
import { accepted, SIGN_IN, type Door, type DoorClass, type Presentation, type VerifiedSignIn } from './door';
import type { BodyDoorClass } from './proof-in-body';
import type { MayHaveReferralCode, SignInRequest } from './sign-in-request';

/**
 * `passport-custom` by the name of the declaration, also for several applications in one process. Passport has one registry for
 * the process, with one strategy of a name: each request goes to the strategy of its own application, which the options of its
 * `PassportModule` know.
 */
export abstract class Strategy extends CustomStrategy implements Door<never> {
  constructor() {
    super(() => undefined);
    passport.use((new.target as unknown as DoorClass).declaration.name, this);
  }

  /** What the door verifies, from the request. */
  abstract presentedBy(request: FastifyRequest): unknown;

  abstract open(presented: unknown): Promise<VerifiedSignIn>;

  /** Passport makes `this` for one request. */
  override authenticate(
    this: passport.StrategyCreated<this>,
    request: unknown,
    { moduleRef }: { readonly moduleRef: ModuleRef },
  ): void {
    const own = moduleRef.get<Strategy>(this.constructor, { strict: false });
    own.open(own.presentedBy(request as FastifyRequest)).then(
      (verified) => this.success(verified),
      (error: unknown) => this.error(error),
    );
  }
}

/** A strategy whose proof stands in a JSON body, which it reads as the class of its declaration. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each strategy reads the class of its own declaration
export abstract class BodyStrategy<Body extends SignInRequest> extends Strategy {
  protected abstract verify(read: Body, presentation: Presentation): Promise<VerifiedSignIn>;

  presentedBy({ body }: FastifyRequest): unknown {
    return body;
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
