import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Application } from '@countersign/applications';
import { fromGuard } from '@countersign/http';
import { XellarClients } from './xellar-clients';

declare module 'fastify' {
  interface FastifyRequest {
    xellarApplication?: Application;
  }
}

/** Lets a request pass that names an application that uses this API. */
@Injectable()
export class XellarClientGuard implements CanActivate {
  constructor(private readonly clients: XellarClients) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    request.xellarApplication = await this.clients.identify(request);
    return true;
  }
}

/** The application of a call. */
export const XellarApplication = fromGuard(({ xellarApplication }) => xellarApplication, '@XellarRoute()');
