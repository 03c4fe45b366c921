import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import { actingAs } from '@countersign/audit';
import { principalActor } from '../principals/principal';
import { principalOf } from './admin-request';

/** Records of the audit trail that a route causes name the principal. */
@Injectable()
export class ActingInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { principalId } = principalOf(request);
    return new Observable((subscriber) =>
      actingAs(principalActor(principalId), () => next.handle().subscribe(subscriber), request.id),
    );
  }
}
