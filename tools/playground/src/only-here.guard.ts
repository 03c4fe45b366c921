import { isIP } from 'node:net';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestError } from '@countersign/http';

/**
 * Admits requests from this machine, with any `HOST`, whose `Host` header is an IP address or `localhost`. This keeps out requests
 * through a public tunnel, and pages of other sites that point their own name to this machine (DNS rebinding).
 */
@Injectable()
export class OnlyHereGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers, ip, socket } = context.switchToHttp().getRequest<FastifyRequest>();
    const name = (headers.host ?? '').replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
    // A connection of a machine to itself has one address at both ends. `ip` is another one behind a trusted proxy.
    const isFromHere = [socket.remoteAddress, ip].every((address) => address === socket.localAddress);
    if (isFromHere && (name === 'localhost' || isIP(name) > 0)) return true;
    throw requestError('request.route_not_found');
  }
}
