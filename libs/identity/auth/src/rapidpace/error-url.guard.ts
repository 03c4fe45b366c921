import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { ApplicationsService } from '@countersign/applications';

/** Before a link is verified: where its player goes if it is refused. */
@Injectable()
export class ErrorUrlGuard implements CanActivate {
  constructor(private readonly applications: ApplicationsService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { applicationId } = request.params as { readonly applicationId: string };
    if (!isUUID(applicationId)) return true;
    const { errorUrl } = (await this.applications.getById(applicationId)).settings.rapidpace;
    if (errorUrl !== undefined) request.errorUrl = errorUrl;
    return true;
  }
}
