import type { Type } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AddRouteConfig } from '@countersign/http';

/** Nest's own keys, which it does not export: the path of a route, parameters of its method, and what `@ApiBody` declares. */
const PATH = 'path';
const ARGUMENTS = '__routeArguments__';
const DECLARED = 'swagger/apiParameters';
/** The kind of `@Body()` among the parameters. */
const BODY = '3:';

/**
 * Marks each route that has neither `@Body()` nor `@ApiBody()`, for `useBodies`. Call it before `init`, which registers the
 * routes.
 */
export function markRoutesWithoutBody(app: NestFastifyApplication): void {
  const scanner = new MetadataScanner();
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  for (const { metatype } of controllers) {
    const prototype = (metatype as Type).prototype as Record<string, object>;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const value = prototype[name];
      if (value && Reflect.hasMetadata(PATH, value) && !takesBody(metatype as Type, name, value))
        AddRouteConfig({ takesNoBody: true })(prototype, name, { value });
    }
  }
}

function takesBody(controller: Type, name: string, method: object): boolean {
  const parameters = (Reflect.getMetadata(ARGUMENTS, controller, name) ?? {}) as object;
  const declared = (Reflect.getMetadata(DECLARED, method) ?? []) as readonly { readonly in?: string }[];
  return (
    Object.keys(parameters).some((key) => key.startsWith(BODY)) || declared.some((one) => one.in === 'body')
  );
}
