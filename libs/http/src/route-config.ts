import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';

/** Like `RouteConfig`, but adds to the config of other decorators, where the framework's own replaces it. */
export function AddRouteConfig(config: Partial<FastifyContextConfig>): MethodDecorator {
  return (target, property, descriptor) => {
    const { KEY } = RouteConfig({});
    const before = Reflect.getMetadata(KEY, descriptor.value as object) as object | undefined;
    RouteConfig({ ...before, ...config })(target, property, descriptor);
  };
}
