import {
  applyDecorators,
  createParamDecorator,
  Inject,
  Injectable,
  mixin,
  RequestMapping,
  RequestMethod,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type OnApplicationShutdown,
  type Type,
} from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { ApiBody, ApiOperation, type ApiBodyOptions } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import passport from 'passport';
import { Strategy as CustomStrategy } from 'passport-custom';
import { AddRouteConfig, Answers } from '@countersign/http';
import { LimitsRefusals, noteVerdict } from '@countersign/limits';
import { RequestAuthenticator } from '@countersign/sessions';
import { SignInResponse } from '../dto/sign-in.response';
import { BodyDoor, exampleBodies, type BodyDoorClass, type BodyDoorDeclaration } from './body-door';
import { RequestDoor, type DoorClass, type VerifiedSignIn } from './door';
import { DoorChecks } from './door-checks';
import { EXAMPLE_APPLICATION_ID } from './sign-in-request';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The door that the route is, for the metrics. */
    door?: {
      readonly name: string;
      /** The label of a success: a redirect ends in a code, which is exchanged for tokens. */
      readonly success: 'signed_in' | 'sent_on';
    };
  }
}

/** The route of a door that reads a JSON body: it returns the tokens of a session. */
export function SignInDoor(door: BodyDoorClass): MethodDecorator {
  return applyDecorators(
    DoorRoute(door),
    ApiBody(bodyOf(door.declaration)),
    Answers(SignInResponse, { description: 'Signed in.', errors: door.declaration.codes }),
  );
}

/**
 * Method, path, operation, guard, limits and metrics of a door; the route declares its answers. Only a
 * `RequestDoor` has a guard.
 */
export function DoorRoute(door: DoorClass): MethodDecorator {
  const { method, path, operation, refusals, metric } = door.declaration;
  const success = isBodyDoor(door) ? 'signed_in' : 'sent_on';
  return applyDecorators(
    RequestMapping({ method: RequestMethod[method], path }),
    ApiOperation(operation),
    ...(isRequestDoor(door) ? [UseGuards(guardOf(door))] : []),
    LimitsRefusals(refusals),
    ...(metric === undefined ? [] : [AddRouteConfig({ door: { name: metric, success } })]),
  );
}

/** What the door of the route verified. */
export const Verified = createParamDecorator((_: unknown, context: ExecutionContext): VerifiedSignIn =>
  verifiedOf(context),
);

function verifiedOf(context: ExecutionContext): VerifiedSignIn {
  return context.switchToHttp().getRequest<{ user: VerifiedSignIn }>().user;
}

function isRequestDoor(door: DoorClass): door is DoorClass<RequestDoor> {
  return door.prototype instanceof RequestDoor;
}

function isBodyDoor(door: DoorClass): boolean {
  return door.prototype instanceof BodyDoor;
}

function guardOf(doorType: DoorClass<RequestDoor>): Type<CanActivate> {
  @Injectable()
  class DoorGuard extends AuthGuard() implements OnApplicationShutdown {
    private readonly strategy: string;

    constructor(
      @Inject(doorType) door: RequestDoor,
      @Inject(DoorChecks) private readonly checks: DoorChecks,
      @Inject(RequestAuthenticator) requests: RequestAuthenticator,
    ) {
      const verify = async (request: FastifyRequest): Promise<VerifiedSignIn> =>
        checks.verify(door, {
          presented: door.read(request),
          origin: request.headers.origin,
          dpop: requests.shownBy(request),
        });
      const strategy = register(doorType.name, verify);
      super({ defaultStrategy: strategy, session: false });
      this.strategy = strategy;
    }

    /** Passport's registry is one for the process: what stays in it keeps its application in memory. */
    onApplicationShutdown(): void {
      passport.unuse(this.strategy);
    }

    override async canActivate(context: ExecutionContext): Promise<boolean> {
      await super.canActivate(context);
      const reply = context.switchToHttp().getResponse<FastifyReply>();
      await this.checks.count(verifiedOf(context), (verdict) => noteVerdict(reply, verdict));
      return true;
    }
  }
  return mixin(DoorGuard);
}

let strategies = 0;

/**
 * The Passport strategy of a door. By name, because Passport keeps the state of a request on a strategy passed as an object. The number
 * separates several applications in one process, which share Passport's registry.
 */
function register(door: string, verify: (request: FastifyRequest) => Promise<VerifiedSignIn>): string {
  strategies += 1;
  const name = `${door}/${strategies}`;
  const strategy = new CustomStrategy((request, done) => {
    verify(request as unknown as FastifyRequest).then((verified) => {
      done(null, verified);
    }, done);
  });
  passport.use(name, strategy);
  return name;
}

/** The document derives the example of a body, unless the proof may be in one of several fields. */
function bodyOf(declaration: BodyDoorDeclaration): ApiBodyOptions {
  const { body: type, proofFields } = declaration;
  if (Object.keys(proofFields).length === 1) return { type };
  return { type, examples: exampleBodies(declaration, { applicationId: EXAMPLE_APPLICATION_ID }) };
}
