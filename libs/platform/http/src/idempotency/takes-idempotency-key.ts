import {
  applyDecorators,
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, map, type Observable } from 'rxjs';
import { assertBodyRead } from '../routes/route-config';
import { problemResponses } from '../problems/answers';
import { toAppError } from '../problems/problem';
import { Idempotency } from './idempotency';
import { IDEMPOTENCY_HOURS } from './idempotency-key.entity';

type CallerOf = (request: FastifyRequest) => readonly string[];

const CallerOfRoute = Reflector.createDecorator<CallerOf>();

@Injectable()
class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<object>): Observable<object> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { 'idempotency-key': key } = request.headers;
    if (key === undefined) return next.handle();
    assertBodyRead(request);
    const callerOf = this.reflector.get(CallerOfRoute, context.getHandler());
    const once = {
      key: String(key),
      caller: callerOf(request),
      route: `${request.method} ${request.url}`,
      body: JSON.stringify(request.body ?? null),
    };
    const answering = this.idempotency.once(once, () => lastValueFrom(next.handle()), isRefusal);
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return from(answering).pipe(
      map(({ answer, isRepeated }) => {
        if (isRepeated) void reply.header('idempotent-replayed', 'true');
        return answer;
      }),
    );
  }
}

/** If the answer of a commit was lost, the commit may have happened. */
function isRefusal(error: unknown): boolean {
  const { kind } = toAppError(error);
  return kind !== 'unavailable' && kind !== 'internal';
}

/** The controller's module must import `IdempotencyModule`. Source: draft-ietf-httpapi-idempotency-key-header-07. */
export function TakesIdempotencyKey(callerOf: CallerOf): MethodDecorator {
  return applyDecorators(
    CallerOfRoute(callerOf),
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        `Chosen by the caller, 1 to 255 visible characters: a repeated request within ${IDEMPOTENCY_HOURS} hours is ` +
        'answered as the first one, with `Idempotent-Replayed: true`. Refused requests are not remembered.',
      schema: {
        type: 'string',
        minLength: 1,
        maxLength: 257,
        example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
      },
    }),
    ...problemResponses([
      'idempotency.invalid_key',
      'idempotency.in_progress',
      'idempotency.unknown_outcome',
      'idempotency.key_reused',
    ]),
  );
}
