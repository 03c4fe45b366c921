import { applyDecorators, Controller, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ActingInterceptor } from './acting.interceptor';
import { AdminGuard } from './admin.guard';

export const ADMIN_PREFIX = 'v1/admin';

/**
 * Routes of the administration API, on its own port. Every route needs `Operation`. The
 * controller's module imports `AdminModule`.
 * @param path below `/v1/admin/`
 * @param tag of the OpenAPI document
 */
export function AdminController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    Controller(`${ADMIN_PREFIX}/${path}`),
    ApiTags(tag),
    UseGuards(AdminGuard),
    UseInterceptors(ActingInterceptor),
  );
}
