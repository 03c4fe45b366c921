import {
  applyDecorators,
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { AddRouteConfig } from './route-config';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a body that cannot be read is refused after the guards of the route. */
    checksCallerFirst?: true;
  }

  interface FastifyRequest {
    /** Why the body could not be read. Only on routes that check their caller first. */
    bodyProblem?: Error;
  }
}

/** @throws AppError request.*: why the body could not be read */
export function assertBodyRead({ bodyProblem }: FastifyRequest): void {
  if (bodyProblem) throw bodyProblem;
}

@Injectable()
class BodyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    assertBodyRead(context.switchToHttp().getRequest<FastifyRequest>());
    return next.handle();
  }
}

/** For the guard of a route: callers are checked before what they send, also where it cannot be read. */
export function ChecksCallerFirst(): MethodDecorator {
  return applyDecorators(AddRouteConfig({ checksCallerFirst: true }), UseInterceptors(BodyInterceptor));
}
