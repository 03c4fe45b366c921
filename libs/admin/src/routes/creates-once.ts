import {
  applyDecorators,
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { problemResponses, toAppError } from '@countersign/http';
import { principalOf } from './admin-request';
import { Idempotency, IDEMPOTENCY_HOURS, type Begun } from './idempotency';

@Injectable()
class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly idempotency: Idempotency) {}

  intercept(context: ExecutionContext, next: CallHandler<object>): Observable<object> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { 'idempotency-key': key } = request.headers;
    if (key === undefined) return next.handle();
    return from(this.once(String(key), request, context.switchToHttp().getResponse<FastifyReply>(), next));
  }

  private async once(
    key: string,
    request: FastifyRequest,
    reply: FastifyReply,
    next: CallHandler<object>,
  ): Promise<object> {
    const begun = await this.idempotency.begin({
      key,
      caller: principalOf(request).principalId,
      route: `${request.method} ${request.url}`,
      body: JSON.stringify(request.body ?? null),
    });
    if (begun.answer !== null) {
      void reply.header('idempotent-replayed', 'true');
      return begun.answer;
    }
    return this.answer(begun, next);
  }

  private async answer(
    begun: Exclude<Begun, { answer: object }>,
    next: CallHandler<object>,
  ): Promise<object> {
    let answer: object;
    try {
      answer = await lastValueFrom(next.handle());
    } catch (error) {
      // A commit whose answer was lost may have taken place.
      if (isRefusal(error)) await begun.forget();
      throw error;
    }
    await begun.finish(answer);
    return answer;
  }
}

function isRefusal(error: unknown): boolean {
  const { kind } = toAppError(error);
  return kind !== 'unavailable' && kind !== 'internal';
}

/** For a POST that creates something: with an `Idempotency-Key` a repeated request creates nothing more. */
export function CreatesOnce(): MethodDecorator {
  return applyDecorators(
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
