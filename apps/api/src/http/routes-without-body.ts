import type { Type } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AddRouteConfig, isRouteWithoutBody } from '@countersign/http';

/** Marks each route without `@Body()` and `@ApiBody()` for `useBodies`. */
export function markRoutesWithoutBody(app: NestFastifyApplication): void {
  const scanner = new MetadataScanner();
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  for (const { metatype } of controllers) {
    const prototype = (metatype as Type).prototype as Record<string, object>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const value = prototype[name];
      if (value && isRouteWithoutBody(metatype as Type, name, value))
        AddRouteConfig({ takesNoBody: true })(prototype, name, { value });
    }
  }
}
