import { isIP } from 'node:net';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestError } from '@countersign/http';

/**
 * Admits requests whose `Host` is an IP address or `localhost`. This keeps out requests through a public tunnel, and pages of
 * other sites that point their own name to this machine (DNS rebinding).
 */
@Injectable()
export class OnlyHereGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { host = '' } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    const name = host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
    if (name === 'localhost' || isIP(name) > 0) return true;
    throw requestError('request.route_not_found');
  }
}
