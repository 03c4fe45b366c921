import { isIP } from 'node:net';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestError } from '@countersign/http';

/**
 * By an address or `localhost` only: what a tunnel shows to the world has another name, and so has a page of another
 * site that gave its name this address.
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
