import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requestError } from '../http.errors';

/**
 * Refuses HEAD where GET uses something up or creates something: link previews send HEAD before the person's browser.
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
