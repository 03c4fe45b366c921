import { Param, Injectable, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { AppError, errorDefinition } from '@countersign/text';
import { problemResponses } from './problems/answers';

/** Refuses an impossible id in a path with the code of an unknown one. */
@Injectable()
class UuidPipe implements PipeTransform<string, string> {
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
  const documented = description === undefined ? [] : [ApiUuidParam(name, description)];
  return documentedBy(Param(name, new UuidPipe(notFound)), [...documented, ...problemResponses([notFound])]);
}

/** Any other parameter in the path of its route, as it is. @param values that it can have, where they are few */
export function TextInPath(
  name: string,
  description: string,
  example: string,
  values?: readonly string[],
): ParameterDecorator {
  const schema = { type: 'string', ...(values ? { enum: [...values] } : {}), example };
  return documentedBy(Param(name), [ApiParam({ name, description, schema })]);
}

function documentedBy(read: ParameterDecorator, documents: readonly MethodDecorator[]): ParameterDecorator {
  return (target, method, index) => {
    read(target, method, index);
    const route = method === undefined ? undefined : Object.getOwnPropertyDescriptor(target, method);
    if (method === undefined || !route) throw new TypeError('a parameter of a path belongs to a method');
    for (const document of documents) document(target, method, route);
  };
}

/** Documents a UUID in the path of a route. `UuidPipe` reads it. */
export function ApiUuidParam(name: string, description: string): MethodDecorator {
  return ApiParam({ name, description, schema: { type: 'string', format: 'uuid' } });
}
