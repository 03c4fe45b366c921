import {
  Inject,
  Injectable,
  mixin,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../session';
import { principalOf } from './authenticated';

/** Of the path, unread. */
type Params = Readonly<Record<string, string>>;

/**
 * Judges the caller of a route before the input of the call is read. Written above `@Authenticated()`: guards run from the lowest
 * decorator up.
 * @param judge throws to refuse the caller
 */
export function CallerRule<Service extends object>(
  service: Type<Service>,
  judge: (service: Service, caller: Principal, params: Params) => Promise<unknown>,
): MethodDecorator {
  @Injectable()
  class CallerGuard implements CanActivate {
    constructor(@Inject(service) private readonly judging: Service) {}

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const request = context.switchToHttp().getRequest<FastifyRequest>();
      await judge(this.judging, principalOf(request), request.params as Params);
      return true;
    }
  }
  return UseGuards(mixin(CallerGuard));
}
