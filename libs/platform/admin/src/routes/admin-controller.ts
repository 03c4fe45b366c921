import {
  applyDecorators,
  UseGuards,
  UseInterceptors,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { AdminGuard } from './admin.guard';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import { actingAs } from '@countersign/audit';
import { ApiController } from '@countersign/http';
import { principalActor } from '../principals/principal';
import { principalOf } from './admin-request';

/** Records of the audit trail that a route causes name the principal. */
@Injectable()
class ActingInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { principalId } = principalOf(request);
    return new Observable((subscriber) =>
      actingAs(principalActor(principalId), () => next.handle().subscribe(subscriber), request.id),
    );
  }
}

export const ADMIN_PREFIX = 'v1/admin';

/**
 * Routes of the administration API, on its own port. Every route needs `Operation`. The
 * controller's module imports `AdminModule`.
 * @param path below `/v1/admin/`
 * @param tag of the OpenAPI document
 */
export function AdminController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    ApiController(`${ADMIN_PREFIX}/${path}`, tag),
    UseGuards(AdminGuard),
    UseInterceptors(ActingInterceptor),
  );
}
