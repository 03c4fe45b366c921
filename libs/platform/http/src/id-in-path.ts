import { Param, Injectable, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { AppError, errorDefinition } from '@countersign/text';
import { problemResponses } from './problems/answers';

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
 * An impossible UUID in the path gets the error of an unknown one.
 * @param notFound the code of this error, which the route need not name @param description by default derived from the
 * name
 */
export function IdInPath(name: string, notFound: string, description?: string): ParameterDecorator {
  const documented = description === undefined ? [] : [ApiUuidParam(name, description)];
  return documentedBy(Param(name, new UuidPipe(notFound)), [...documented, ...problemResponses([notFound])]);
}

/** A parameter in the path of a route that is not a UUID. @param values the possible values, if they are few */
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

export function ApiUuidParam(name: string, description: string): MethodDecorator {
  return ApiParam({ name, description, schema: { type: 'string', format: 'uuid' } });
}
