import {
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, type Observable } from 'rxjs';
import { AppError } from '@countersign/errors';
import { addressKey, assertAllowed, noteVerdict, RateLimits, type LimitRule } from '@countersign/limits';

const FAILURES: LimitRule = { name: 'principal-refusals', limit: 60, window: 60 };

@Injectable()
class FailureInterceptor implements NestInterceptor {
  constructor(private readonly limits: RateLimits) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return next
      .handle()
      .pipe(catchError((error: unknown) => this.refuse(error, http.getRequest(), http.getResponse())));
  }

  private async refuse(error: unknown, { ip }: FastifyRequest, reply: FastifyReply): Promise<never> {
    const key = addressKey(ip);
    if (key && error instanceof AppError && error.code === 'principal.invalid_client') {
      const verdict = await this.limits.consume(FAILURES, key);
      if (!verdict.isAllowed) noteVerdict(reply, verdict);
      assertAllowed(verdict);
    }
    throw error;
  }
}

/**
 * Limits wrong credentials of principals by address. A right one passes above the limit: it cannot be guessed, and failures from a
 * shared address must not lock administrators out.
 */
export function CountsFailures(): MethodDecorator {
  return UseInterceptors(FailureInterceptor);
}
