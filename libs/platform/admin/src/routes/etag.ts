import {
  applyDecorators,
  createParamDecorator,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ApiExtension, ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tap, type Observable } from 'rxjs';
import { sha256 } from '@countersign/crypto';
import { problemResponses } from '@countersign/http';
import { preconditionError } from '../admin.errors';

/** A strong entity tag (RFC 9110 section 8.8.3) of an answer: equal answers have equal ones. */
function entityTagOf(answer: object): string {
  return `"${sha256(JSON.stringify(answer)).toString('base64url')}"`;
}

class ETagInterceptor implements NestInterceptor<object> {
  constructor(private readonly stateOf: (answer: never) => object) {}

  intercept(context: ExecutionContext, next: CallHandler<object>): Observable<object> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next
      .handle()
      .pipe(tap((answer) => void reply.header('etag', entityTagOf(this.stateOf(answer as never)))));
  }
}

/**
 * For a route that answers something with `ETag`.
 * @param stateOf the part of the answer that the tag covers; by default all of it
 */
export function HasETag(stateOf: (answer: never) => object = all): MethodDecorator {
  return applyDecorators(UseInterceptors(new ETagInterceptor(stateOf)), ApiExtension('x-etag', true));
}

function all(answer: object): object {
  return answer;
}

/** Throws unless the caller knows the current state. */
export type AssertCurrent = (current: object) => void;

/**
 * `If-Match` of RFC 9110 section 13.1.1, as a check of the current answer.
 * @throws AppError precondition.required without the header; the check throws precondition.failed
 */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): AssertCurrent => {
  const given = givenIn(context);
  if (given === undefined || given === '') throw preconditionError('precondition.required');
  return assertionOf(given);
});

/** Like `IfMatch`, for an act that needs no header: without it any state is accepted. */
export const IfMatchWhereSent = createParamDecorator((_: unknown, context: ExecutionContext): AssertCurrent =>
  assertionOf(givenIn(context) ?? '*'),
);

function givenIn(context: ExecutionContext): string | undefined {
  const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return headers['if-match']?.trim();
}

function assertionOf(given: string): AssertCurrent {
  const accepted = new Set(given.split(',').map((tag) => tag.trim()));
  return (current) => {
    if (!accepted.has('*') && !accepted.has(entityTagOf(current)))
      throw preconditionError('precondition.failed');
  };
}

/** For a route with an `@IfMatchWhereSent()` parameter. */
export function TakesIfMatch(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'The `ETag` of the state that the act was decided on.',
      schema: { type: 'string' },
    }),
    ...problemResponses(['precondition.failed']),
  );
}

/**
 * For a route with an `@IfMatch()` parameter, which answers the changed state with its `ETag`.
 * @param stateOf as for `HasETag`
 */
export function ChangesWhatIsCurrent(stateOf?: (answer: never) => object): MethodDecorator {
  return applyDecorators(
    HasETag(stateOf),
    ApiHeader({
      name: 'If-Match',
      required: true,
      description: 'The `ETag` of the state that the change was decided on; `*` for any.',
      schema: { type: 'string', example: '"sJ7iK5yLCW1VXm4nZAhkmvFa3JdQ5y9Bf9Hq2ZrKJ1c"' },
    }),
    ...problemResponses(['precondition.required', 'precondition.failed']),
  );
}
