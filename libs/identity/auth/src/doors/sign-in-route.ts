import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { ApiBody, type ApiBodyOptions } from '@nestjs/swagger';
import { AddRouteConfig, Answers, type Operation } from '@countersign/http';
import { LimitsRefusals } from '@countersign/limits';
import { RequestAuthenticator } from '@countersign/sessions';
import type { FastifyRequest } from 'fastify';
import { SignInResponse } from '../dto/sign-in.response';
import type { DoorDeclaration, VerifiedSignIn } from './door';
import { DoorChecks } from './door-checks';
import { exampleBodies, type BodyDoorDeclaration } from './proof-in-body';
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
    await this.checks.count(request.user);
    return true;
  }
}

/** Guards, documents, limits and counts a route that signs in by a proof in its JSON body. */
export function SignsIn({ declaration }: { readonly declaration: BodyDoorDeclaration }): MethodDecorator {
  return applyDecorators(
    UseGuards(AuthGuard(declaration.name), SignInGuard),
    ApiBody(bodyOf(declaration)),
    TakesProof(declaration, SignInResponse, { answerDescription: 'Signed in.' }, 'signed_in'),
  );
}

/** The operation, the limit of refusals and the metric of a route that takes a proof. */
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

/** What the strategy of the route verified. */
export const Verified = createParamDecorator(
  (_: unknown, context: ExecutionContext): VerifiedSignIn =>
    context.switchToHttp().getRequest<{ user: VerifiedSignIn }>().user,
);

/** The document derives the example of a body, unless the proof may be in one of several fields. */
function bodyOf(declaration: BodyDoorDeclaration): ApiBodyOptions {
  const { body: type, proofFields } = declaration;
  if (Object.keys(proofFields).length === 1) return { type };
  return { type, examples: exampleBodies(declaration, { applicationId: EXAMPLE_APPLICATION_ID }) };
}
