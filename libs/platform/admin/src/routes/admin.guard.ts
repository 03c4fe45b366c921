import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { principalError } from '../admin.errors';
import { PrincipalTokens } from '../principals/principal-tokens';
import { PrincipalSessions } from '../sessions/principal-sessions';
import type { Principal } from '../principals/principal';
import type { Scope } from '../scopes';

declare module 'fastify' {
  interface FastifyRequest {
    adminPrincipal?: Principal;
  }
}

/** The scope that a route needs. `any` accepts every principal, for a route about the principal itself. */
export type Demand = Scope | 'any';

export const DemandOf = Reflector.createDecorator<Demand>();

const BEARER = /^Bearer +(\S+)$/i;

@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    private readonly tokens: PrincipalTokens,
    private readonly sessions: PrincipalSessions,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const demand = this.reflector.get(DemandOf, context.getHandler()) as Demand | undefined;
    if (demand === undefined)
      throw new Error(`${context.getHandler().name} does not say which scope it needs`);
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { authorization, cookie } = request.headers;
    const principal =
      authorization === undefined && cookie !== undefined
        ? (await this.sessions.ofRequest(request)).principal
        : await this.tokens.verify(BEARER.exec(authorization ?? '')?.[1]);
    // The record of a refusal needs it too.
    request.adminPrincipal = principal;
    if (demand !== 'any') assertScope(principal, demand);
    return true;
  }
}

/** @param where the words after "needs the scope", for a rule of the body */
export function assertScope({ scopes }: Principal, scope: Scope, where = ''): void {
  if (!scopes.includes(scope.name))
    throw principalError('principal.scope_missing', {
      detail: `The call needs the scope ${scope.name}${where}.`,
    });
}

export function principalOf(request: FastifyRequest): Principal {
  const { adminPrincipal } = request;
  if (!adminPrincipal) throw new Error('the route has no AdminGuard');
  return adminPrincipal;
}

export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal =>
  principalOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
