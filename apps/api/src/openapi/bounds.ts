import type { INestApplication, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { ApiProperty, type ApiPropertyOptions, type OpenAPIObject } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';
import { ruleCodeOf, textRefusals } from '@countersign/http';
import { operationsOf } from './operations';

interface Rule {
  readonly target: { readonly name: string; readonly prototype: object };
  readonly propertyName: string;
  /** Undefined for `ValidateIf`, which rejects nothing. */
  readonly name?: string;
  readonly constraints?: readonly unknown[];
}

type Bounds = Pick<
  ApiPropertyOptions,
  'format' | 'maxItems' | 'maxLength' | 'minItems' | 'minLength' | 'pattern' | 'uniqueItems'
> & {
  readonly enum?: readonly string[];
};

/** Nest's own key, which it does not export. */
const DOCUMENTED = 'swagger/apiModelProperties';

const boundsOf: Readonly<Record<string, (constraint: unknown) => Bounds>> = {
  arrayMaxSize: (most) => ({ maxItems: most as number }),
  arrayMinSize: (least) => ({ minItems: least as number }),
  arrayUnique: () => ({ uniqueItems: true }),
  isArray: () => ({}),
  isBoolean: () => ({}),
  isIn: (values) => ({ enum: values as readonly string[] }),
  isIso8601: () => ({ format: 'date-time' }),
  isObject: () => ({}),
  isOptional: () => ({}),
  isString: () => ({}),
  isUuid: () => ({ format: 'uuid' }),
  matches: (pattern) => ({ pattern: (pattern as RegExp).source }),
  maxLength: (most) => ({ maxLength: most as number }),
};

/** Documents the rules of class-validator on a property, so that both cannot differ. */
export function documentBounds(): void {
  for (const { target, propertyName, name, constraints } of documented()) {
    const declared = Reflect.getMetadata(DOCUMENTED, target.prototype, propertyName) as ApiPropertyOptions;
    // A number or a switch in a query, which arrives as text: the document says what it stands for.
    if (
      name === undefined ||
      name in textRefusals ||
      declared.type === 'integer' ||
      declared.type === 'boolean'
    )
      continue;
    const bounds = boundsOf[name];
    if (!bounds)
      throw new Error(`${target.name}.${propertyName}: the rule ${name} has no keyword in the document`);
    ApiProperty(bounds(constraints?.[0]))(target.prototype, propertyName);
  }
}

export function documentedRules(): readonly string[] {
  return documented().flatMap(({ name }) =>
    name === undefined || name === 'isOptional' ? [] : [ruleCodeOf(name)],
  );
}

/** A body that class-validator reads has no other fields than those of its class. */
export function closeBodies(app: INestApplication, document: OpenAPIObject): void {
  const types = [...rules().map(({ target }) => target), ...parametersOf(app).filter(hasRules)];
  const read = new Set(types.map(({ name }) => name));
  const { schemas = {} } = document.components ?? {};
  for (const { requestBody } of operationsOf(document)) {
    const body =
      requestBody && 'content' in requestBody ? requestBody.content['application/json'] : undefined;
    const name = body?.schema && '$ref' in body.schema ? (body.schema.$ref.split('/').at(-1) ?? '') : '';
    const schema = schemas[name];
    if (schema && !('$ref' in schema) && read.has(name)) schema.additionalProperties = false;
  }
}

/** The classes of all parameters of routes, also those that only extend one with rules. */
function parametersOf(app: INestApplication): readonly Type[] {
  const modules = [...app.get(ModulesContainer).values()];
  const controllers = modules.flatMap(({ controllers: of }) => [...of.values()]);
  return controllers.flatMap(({ metatype }) => {
    const prototype = (metatype as Type).prototype as object;
    return Object.getOwnPropertyNames(prototype).flatMap(
      (route) => (Reflect.getMetadata('design:paramtypes', prototype, route) ?? []) as readonly Type[],
    );
  });
}

function hasRules(type: Type): boolean {
  return getMetadataStorage().getTargetValidationMetadatas(type, '', false, false).length > 0;
}

function documented(): readonly Rule[] {
  return rules().filter(({ target, propertyName }) =>
    Reflect.hasOwnMetadata(DOCUMENTED, target.prototype, propertyName),
  );
}

/** class-validator has no public list of its classes: this is its internal metadata store. */
function rules(): readonly Rule[] {
  const stored: unknown = Reflect.get(getMetadataStorage(), 'validationMetadatas');
  if (!(stored instanceof Map)) throw new Error('class-validator keeps its rules elsewhere');
  return [...(stored as Map<unknown, readonly Rule[]>).values()].flat();
}
