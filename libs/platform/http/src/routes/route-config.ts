import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyContextConfig } from 'fastify';

/** Like `RouteConfig`, but adds to the config of other decorators, where the framework's own replaces it. */
export function AddRouteConfig(config: Partial<FastifyContextConfig>): MethodDecorator {
  return (target, property, descriptor) => {
    const { KEY } = RouteConfig({});
    const before = Reflect.getMetadata(KEY, descriptor.value as object) as object | undefined;
    RouteConfig({ ...before, ...config })(target, property, descriptor);
  };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the body may be a JSON merge patch, RFC 7396, by its own media type. */
    takesMergePatch?: true;
    /** The largest body, in bytes, where it is not `MAX_BODY_BYTES`. */
    maxBodyBytes?: number;
  }
}

/** For a route whose body is a JSON merge patch: `application/json` is accepted too. */
export function TakesMergePatch(): MethodDecorator {
  return applyDecorators(
    AddRouteConfig({ takesMergePatch: true }),
    ApiConsumes('application/merge-patch+json', 'application/json'),
  );
}

/** For a route whose bodies are larger than `MAX_BODY_BYTES`. */
export function TakesBodiesUpTo(maxBodyBytes: number): MethodDecorator {
  return AddRouteConfig({ maxBodyBytes });
}
