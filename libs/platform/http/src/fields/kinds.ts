import type { Type as Class } from '@nestjs/common';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { field, listKeywords, listRules, type FieldOptions, type ListOptions } from './field';

const EXAMPLE_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const EXAMPLE_INSTANT = '2026-11-02T09:30:00.000Z';
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/;

interface ItemOptions extends FieldOptions {
  readonly list?: ListOptions;
}

export function Id(
  description: string,
  example: string | readonly string[] | null = EXAMPLE_ID,
  { list, ...options }: ItemOptions = {},
): PropertyDecorator {
  return field(
    { ...typeOf(list), format: 'uuid', description, example },
    options,
    [...(list ? listRules(list) : []), IsUUID(undefined, { each: list !== undefined })],
    listKeywords(list),
  );
}

/** An instant of an existing day, in UTC, down to milliseconds: `2026-01-31T23:59:00Z`. */
export function Instant(
  description: string,
  example: string | null = EXAMPLE_INSTANT,
  options: FieldOptions = {},
): PropertyDecorator {
  return field(
    { format: 'date-time', description, example },
    options,
    [
      matches(UTC, { message: 'must be an instant in UTC, such as 2026-01-31T23:59:00Z' }),
      IsISO8601({ strict: true }),
    ],
    { pattern: UTC.source },
  );
}

interface TextOptions extends ItemOptions {
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly message?: string;
}

export function Text(
  description: string,
  example: string | readonly string[] | null,
  { max, pattern, message, list, ...options }: TextOptions = {},
): PropertyDecorator {
  const each = list !== undefined;
  const rules = [
    ...(list ? listRules(list) : []),
    IsString({ each }),
    ...(max === undefined ? [] : [MaxLength(max, { each })]),
    ...(pattern ? [matches(pattern, { each, message })] : []),
  ];
  return field({ ...typeOf(list), description, example }, options, rules, {
    ...listKeywords(list),
    ...(max === undefined ? {} : { maxLength: max }),
    ...(pattern ? { pattern: pattern.source } : {}),
  });
}

/** A text of a request with one rule. Any other value, of any type, gets `message`. */
export function Matching(
  description: string,
  example: string,
  { pattern, message, ...options }: FieldOptions & { readonly pattern: RegExp; readonly message?: string },
): PropertyDecorator {
  const keywords = { pattern: pattern.source };
  return field({ description, example }, options, [matches(pattern, { message })], keywords);
}

export function Uri(
  description: string,
  example: string | null,
  options: FieldOptions = {},
): PropertyDecorator {
  return Text(description, example, {
    ...options,
    schema: { format: 'uri', ...options.schema } as ApiPropertyOptions,
  });
}

export function Flag(
  description: string,
  example: boolean | null,
  options: FieldOptions = {},
): PropertyDecorator {
  return field({ type: Boolean, description, example }, options, [IsBoolean()]);
}

/** A boolean in a query, which arrives as text. */
export function FlagInQuery(
  description: string,
  example: boolean,
  options: FieldOptions = {},
): PropertyDecorator {
  return field({ type: 'boolean', description, example }, { input: 'optional', ...options }, [
    IsIn(['true', 'false']),
  ]);
}

interface IntegerOptions extends FieldOptions {
  readonly min?: number;
  readonly max?: number;
}

export function Integer(
  description: string,
  example: number | null,
  { min, max, ...options }: IntegerOptions = {},
): PropertyDecorator {
  const bounds = {
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
  };
  return field({ type: 'integer', ...bounds, description, example }, options, [
    IsInt(),
    ...(min === undefined ? [] : [Min(min)]),
    ...(max === undefined ? [] : [Max(max)]),
  ]);
}

export function Count(
  description: string,
  example: number | null,
  options: IntegerOptions = {},
): PropertyDecorator {
  return Integer(description, example, { min: 0, ...options });
}

export function ObjectOf(
  values: true | Readonly<Record<string, unknown>>,
  description: string,
  example: object,
  options: FieldOptions = {},
): PropertyDecorator {
  const schema = { type: 'object', additionalProperties: values, description, example };
  return field(schema as ApiPropertyOptions, options, [IsObject()]);
}

export function Nested(type: Class, description: string, options: FieldOptions = {}): PropertyDecorator {
  return field({ type, description }, options, [IsObject(), ValidateNested(), Type(() => type)]);
}

export function ListOf(
  type: Class,
  description: string,
  { list = {}, ...options }: ItemOptions = {},
): PropertyDecorator {
  const each = true;
  const rules = [...listRules(list), IsObject({ each }), ValidateNested({ each }), Type(() => type)];
  return field({ type: [type], description }, options, rules, listKeywords(list));
}

type Value = string | number | boolean | null;

interface OneOfOptions extends FieldOptions {
  /** The name of the schema, for a list that several fields have. */
  readonly name?: string;
  readonly list?: ListOptions;
}

/** A value of a closed list. The list is not copied: features fill some lists after the class is loaded. */
export function OneOf(
  values: readonly Value[],
  description: string,
  example: Value | readonly Value[],
  { name, list, ...options }: OneOfOptions = {},
): PropertyDecorator {
  // Swagger takes the values of an empty list for numbers.
  const item = { type: typeof (values[0] ?? ''), enum: values as Value[] };
  const schema = {
    ...(list ? { type: 'array', isArray: true, items: item } : item),
    ...(name === undefined ? {} : { enumName: name }),
  } as ApiPropertyOptions;
  const rules = [...(list ? listRules(list) : []), IsIn(values, { each: list !== undefined })];
  return field({ ...schema, description, example }, options, rules, listKeywords(list));
}

function matches(
  pattern: RegExp,
  { message, each = false }: { readonly message: string | undefined; readonly each?: boolean },
): PropertyDecorator {
  return Matches(pattern, { each, ...(message === undefined ? {} : { message }) });
}

function typeOf(list: ListOptions | undefined): { readonly type?: [StringConstructor] } {
  return list ? { type: [String] } : {};
}
