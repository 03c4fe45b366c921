import type { OnApplicationShutdown } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import { Strategy as CustomStrategy } from 'passport-custom';
import type { VerifiedSignIn } from './door';

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
