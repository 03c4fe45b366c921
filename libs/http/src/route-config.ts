import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';

/** `RouteConfig` that adds to what other decorators of the route have set, where the framework's replaces it. */
export function AddRouteConfig(config: Partial<FastifyContextConfig>): MethodDecorator {
  return (target, property, descriptor) => {
    const { KEY } = RouteConfig({});
    const before = Reflect.getMetadata(KEY, descriptor.value as object) as object | undefined;
    RouteConfig({ ...before, ...config })(target, property, descriptor);
  };
}
