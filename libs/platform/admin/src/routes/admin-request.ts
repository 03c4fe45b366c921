import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../principals/principal';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `AdminGuard`. */
    adminPrincipal?: Principal;
  }
}

export function principalOf(request: FastifyRequest): Principal {
  const { adminPrincipal } = request;
  if (!adminPrincipal) throw new Error('the route has no AdminGuard');
  return adminPrincipal;
}

export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal =>
  principalOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
