import { AddRouteConfig } from '../routes/route-config';

declare module 'fastify' {
  interface FastifyContextConfig {
    keepsBodyText?: boolean;
  }

  interface FastifyRequest {
    /** The body as it was received. Only on routes with `@KeepsBodyText()`, and only when there was one. */
    bodyText?: string;
  }
}

/**
 * For a route that verifies its body as it was written: numbers keep their digits, and `null` differs from
 * absent.
 */
export function KeepsBodyText(): MethodDecorator {
  return AddRouteConfig({ keepsBodyText: true });
}
