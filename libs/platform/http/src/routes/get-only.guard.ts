import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestError } from '../http.errors';

/**
 * Refuses HEAD on a route whose GET uses something up or creates something: link previews send HEAD, and the person's
 * browser would come too late. @throws AppError request.method_not_allowed
 */
@Injectable()
export class GetOnlyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    if (http.getRequest<FastifyRequest>().method !== 'HEAD') return true;
    void http.getResponse<FastifyReply>().header('allow', 'GET, OPTIONS');
    throw requestError('request.method_not_allowed');
  }
}
