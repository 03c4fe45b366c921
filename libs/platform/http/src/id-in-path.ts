import { Param, Injectable, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { AppError, errorDefinition } from '@countersign/errors';
import { problemResponses } from './problems/answers';

/** Refuses an impossible id in a path with the code of an unknown one. */
@Injectable()
export class UuidPipe implements PipeTransform<string, string> {
  constructor(private readonly code: string) {}

  transform(value: string): string {
    if (isUUID(value)) return value.toLowerCase();
    const definition = errorDefinition(this.code);
    if (!definition) throw new Error(`unknown error code ${this.code}`);
    throw new AppError(this.code, definition);
  }
}

/**
 * A parameter that is a UUID in the path of its route. An impossible one is refused as an unknown one.
 * @param notFound the code of the error, which the route needs not name
 * @param description for the document; by default it follows from the name
 */
export function IdInPath(name: string, notFound: string, description?: string): ParameterDecorator {
  return (target, method, index) => {
    Param(name, new UuidPipe(notFound))(target, method, index);
    const route = method === undefined ? undefined : Object.getOwnPropertyDescriptor(target, method);
    if (method === undefined || !route) throw new TypeError('an id in a path belongs to a method');
    const documented = description === undefined ? [] : [ApiUuidParam(name, description)];
    for (const document of [...documented, ...problemResponses([notFound])]) document(target, method, route);
  };
}

/** Documents a UUID in the path of a route. `UuidPipe` reads it. */
export function ApiUuidParam(name: string, description: string): MethodDecorator {
  return ApiParam({ name, description, schema: { type: 'string', format: 'uuid' } });
}
