import { isIP } from 'node:net';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestError } from '@countersign/http';

/**
 * Allows requests of this machine whose `Host` header is an IP address or `localhost`, with any `HOST`. It refuses
 * requests through a public tunnel, and pages of other sites that point their name to this machine (DNS rebinding).
 */
@Injectable()
export class OnlyHereGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers, ip, socket } = context.switchToHttp().getRequest<FastifyRequest>();
    const name = (headers.host ?? '').replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
    // A local connection has one address at both ends. Behind a trusted proxy, `ip` differs from it.
    const isFromHere = [socket.remoteAddress, ip].every((address) => address === socket.localAddress);
    if (isFromHere && (name === 'localhost' || isIP(name) > 0)) return true;
    throw requestError('request.route_not_found');
  }
}
