import {
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { catchError, type Observable } from 'rxjs';
import { AppError } from '@countersign/text';
import { addressKey, assertAllowed, RateLimits, type LimitRule } from '@countersign/http';

const FAILURES: LimitRule = { name: 'principal-refusals', limit: 60, window: 60 };
const FAILURE_CODES: ReadonlySet<string> = new Set([
  'principal.invalid_client',
  ...['console.sign_in_failed', 'console.sign_in_not_repeated', 'console.id_token_used', 'console.no_access'],
]);

@Injectable()
class FailureInterceptor implements NestInterceptor {
  constructor(private readonly limits: RateLimits) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return next.handle().pipe(catchError((error: unknown) => this.refuse(error, http.getRequest())));
  }

  private async refuse(error: unknown, { ip }: FastifyRequest): Promise<never> {
    const key = addressKey(ip);
    if (key && error instanceof AppError && FAILURE_CODES.has(error.code)) {
      assertAllowed(await this.limits.consume(FAILURES, key));
    }
    throw error;
  }
}

/** Limits wrong credentials by address. A right secret passes above the limit, so no administrator is locked out. */
export function CountsFailures(): MethodDecorator {
  return UseInterceptors(FailureInterceptor);
}
