import {
  applyDecorators,
  createParamDecorator,
  HttpCode,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiBody,
  ApiHeader,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AddRouteConfig, ChecksCallerFirst, type LimitRule } from '@countersign/http';
import { ClientGuard } from '@countersign/gateway';
import { MetaproGuard, OptionalMetaproGuard } from '../session/metapro.guard';

/** Counts calls per IP address on routes without a token. The clients make a few calls when they start. */
const CALLS: LimitRule = { name: 'metapro-calls', limit: 120, window: 60 };
/** Counts refusals per IP address on routes that check a token or a proof. */
const REFUSALS: LimitRule = { name: 'metapro-refusals', limit: 120, window: 60 };

type Answer = Type | readonly [Type];

/** `proof` is a login. `anyone` also accepts the token, which shows more. `server` requires the client secret. */
type By = 'session' | 'proof' | 'public' | 'anyone' | 'server';

interface RouteOptions {
  readonly body?: Type;
  readonly headers?: readonly string[];
  readonly guard?: Type<CanActivate>;
}

export const OptionalCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().principal,
);

type Rest = [operationId: string, summary: string, answer: Answer, options?: RouteOptions];

function MetaproRoute(
  by: By,
  ...[operationId, summary, answer, { body, headers = [], guard = ClientGuard } = {}]: Rest
): MethodDecorator {
  const isList = Array.isArray(answer);
  const [type] = isList ? answer : [answer];
  return applyDecorators(
    HttpCode(200),
    AddRouteConfig({
      addressLimit:
        by === 'public' || by === 'anyone'
          ? { rule: CALLS, counts: 'calls' }
          : { rule: REFUSALS, counts: 'refusals' },
    }),
    ApiOperation({
      operationId,
      summary,
      ...(by === 'anyone' ? { security: [{}, { metaproToken: [] }] } : {}),
    }),
    ...(body ? [ApiBody({ type: body })] : []),
    ApiResponse({ status: 200, type: type as Type, isArray: isList, description: 'Done.' }),
    ...headers.map((name) => ApiHeader({ name, required: true })),
    ...(by === 'anyone' ? [UseGuards(OptionalMetaproGuard)] : []),
    ...(by === 'server' ? [UseGuards(guard), ChecksCallerFirst(), ApiBasicAuth('clientSecret')] : []),
    ...(by === 'session'
      ? [
          UseGuards(MetaproGuard),
          ChecksCallerFirst(),
          ApiSecurity('metaproToken'),
          ApiHeader({ name: 'x-account-userid', required: true }),
        ]
      : []),
  );
}

export function inQuery(name: string, description: string, isArray = false): MethodDecorator {
  return ApiQuery({
    name,
    description,
    required: false,
    schema: isArray ? { type: 'array', items: { type: 'string' } } : { type: 'string' },
  });
}

export const ofProject = inQuery('projectId', 'The application. Optional while only one uses this API.');

export const ofSlice = applyDecorators(
  inQuery('skip', 'How many to leave out, at most 10000.'),
  inQuery('limit', 'How many; more than 100 count as 100.'),
);

export const SessionRoute = (...rest: Rest): MethodDecorator => MetaproRoute('session', ...rest);
export const ProofRoute = (...rest: Rest): MethodDecorator => MetaproRoute('proof', ...rest);
export const PublicRoute = (...rest: Rest): MethodDecorator => MetaproRoute('public', ...rest);
export const AnyoneRoute = (...rest: Rest): MethodDecorator => MetaproRoute('anyone', ...rest);
export const ServerRoute = (...rest: Rest): MethodDecorator => MetaproRoute('server', ...rest);
