import {
  applyDecorators,
  createParamDecorator,
  HttpCode,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AddRouteConfig, JudgesCallerFirst } from '@countersign/http';
import type { LimitRule } from '@countersign/limits';
import { ClientGuard } from '@countersign/oauth';
import { MetaproGuard, OptionalMetaproGuard } from '../session/metapro.guard';

/** Of one IP address, on routes without a token: the clients make a few calls at their start. */
const CALLS: LimitRule = { name: 'metapro-calls', limit: 120, window: 60 };
/** Of one IP address, on routes where a token or a proof is judged. */
const REFUSALS: LimitRule = { name: 'metapro-refusals', limit: 120, window: 60 };

type Answer = Type | readonly [Type];

/**
 * `session`: with the token. `proof`: a login. `public`: for any client. `anyone`: also with the token, which shows more.
 * `server`: with the client secret, as native routes for servers.
 */
type By = 'session' | 'proof' | 'public' | 'anyone' | 'server';

interface RouteOptions {
  readonly body?: Type;
  readonly headers?: readonly string[];
  /** Instead of the one for servers. */
  readonly guard?: Type<CanActivate>;
}

/** Who calls a route that `anyone` may call; `undefined` without a token. */
export const OptionalCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().principal,
);

/** A route of the API of Metapro's clients: its errors, limits and document. */
export function MetaproRoute(
  by: By,
  operationId: string,
  summary: string,
  answer: Answer,
  { body, headers = [], guard = ClientGuard }: RouteOptions = {},
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
    ...(by === 'server' ? [UseGuards(guard), JudgesCallerFirst(), ApiBasicAuth('clientSecret')] : []),
    ...(by === 'session'
      ? [
          UseGuards(MetaproGuard),
          JudgesCallerFirst(),
          ApiSecurity('metaproToken'),
          ApiHeader({ name: 'x-account-userid', required: true }),
        ]
      : []),
  );
}
