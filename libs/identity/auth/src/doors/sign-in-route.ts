import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { ApiBody, type ApiBodyOptions } from '@nestjs/swagger';
import {
  AddRouteConfig,
  Answers,
  assertAllowed,
  LimitsRefusals,
  type Operation,
  RateLimits,
} from '@countersign/http';
import { RequestAuthenticator, DeviceKeys, type ShownProof } from '@countersign/sessions';
import type { FastifyRequest } from 'fastify';
import { AllowedOrigins } from '@countersign/applications';
import { SignInResponse } from '../dto/sign-in.response';
import type { DoorDeclaration, VerifiedSignIn } from './door';
import { exampleBodies, type BodyDoorDeclaration } from './proof-in-body';
import { EXAMPLE_APPLICATION_ID } from './sign-in-request';

@Injectable()
export class DoorChecks {
  constructor(
    private readonly origins: AllowedOrigins,
    private readonly deviceKeys: DeviceKeys,
    private readonly limits: RateLimits,
  ) {}

  /** @param dpop `null` if no session is opened */
  async check(
    verified: VerifiedSignIn,
    origin: string | undefined,
    dpop: ShownProof | null,
  ): Promise<VerifiedSignIn> {
    await this.origins.assertAllowed(verified.application.id, origin);
    if (dpop === null) return verified;
    const deviceProof = await this.deviceKeys.atSignIn(dpop, verified.application);
    return deviceProof ? { ...verified, deviceKeyThumbprint: deviceProof.thumbprint, deviceProof } : verified;
  }

  /**
   * Counts a sign-in per person and application before anything is written, then consumes the proof of the device key.
   * Keys are free, so all sign-ins of a person share one count.
   */
  async count({ proof, application, deviceProof }: VerifiedSignIn): Promise<void> {
    const person = [application.id, proof.provider, proof.environment, proof.subject];
    const rule = { name: 'sign-in', ...application.settings.rateLimits.signIn };
    assertAllowed(await this.limits.consume(rule, person));
    if (deviceProof) await this.deviceKeys.consume(deviceProof);
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    door?: {
      readonly name: string;
      /** The label of a success. A redirect ends in a code, which is exchanged for tokens. */
      readonly success: 'signed_in' | 'sent_on';
    };
  }
}

/** Runs after the strategy, and checks the origin of the page, the key of the device, and the limits. */
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
    await this.checks.count(request.user);
    return true;
  }
}

/** Documents, limits and counts a route that signs in by a proof in its JSON body. */
export function SignsIn({ declaration }: { readonly declaration: BodyDoorDeclaration }): MethodDecorator {
  return applyDecorators(
    ApiBody(bodyOf(declaration)),
    TakesProof(declaration, SignInResponse, { answerDescription: 'Signed in.' }, 'signed_in'),
  );
}

export function TakesProof(
  { operation, codes, refusals, metric }: DoorDeclaration,
  answer: Type | null,
  answered: Pick<Operation, 'status' | 'answerDescription'>,
  success: 'signed_in' | 'sent_on' = 'sent_on',
): MethodDecorator {
  const { operationId, ...described } = operation;
  return applyDecorators(
    Answers(operationId, answer, { ...described, ...answered, errors: codes }),
    LimitsRefusals(refusals),
    ...(metric === undefined ? [] : [AddRouteConfig({ door: { name: metric, success } })]),
  );
}

/** The result of the route's strategy. */
export const Verified = createParamDecorator(
  (_: unknown, context: ExecutionContext): VerifiedSignIn =>
    context.switchToHttp().getRequest<{ user: VerifiedSignIn }>().user,
);

function bodyOf(declaration: BodyDoorDeclaration): ApiBodyOptions {
  const { body: type, proofFields } = declaration;
  if (Object.keys(proofFields).length === 1) return { type };
  return { type, examples: exampleBodies(declaration, { applicationId: EXAMPLE_APPLICATION_ID }) };
}
