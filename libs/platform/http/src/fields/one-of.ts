import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { IS_IN, ValidateBy } from 'class-validator';
import { field, type FieldOptions } from './field';
import { listRules, type ListOptions } from './list';

type Value = string | number | boolean | null;

/** The values of a closed list; as a function where some of them are registered after the class is loaded. */
export type Values = readonly Value[] | (() => readonly Value[]);

export interface OneOfOptions extends FieldOptions {
  /** The name of the schema in the document, for a list that several fields have. */
  readonly name?: string;
  /** For a list of values. */
  readonly list?: ListOptions;
}

const documentLater: (() => void)[] = [];

/** Documents the values that came as functions. To be called when all classes are loaded. */
export function documentValues(): void {
  for (const document of documentLater) document();
}

/** A value of a closed list. */
export function OneOf(
  values: Values,
  description: string,
  example: Value | readonly Value[],
  { name, list, ...options }: OneOfOptions = {},
): PropertyDecorator {
  const enumOf = (known: readonly Value[]): ApiPropertyOptions => ({
    // Not copied: features add to some lists after the class is loaded.
    enum: known as Value[],
    ...(name === undefined ? {} : { enumName: name }),
    ...(list ? { isArray: true } : {}),
  });
  const rules = [...(list ? listRules(list) : []), IsOneOf(values, list !== undefined)];
  if (typeof values !== 'function') return field({ ...enumOf(values), description, example }, options, rules);
  return (target, property) => {
    field({ description, example }, options, rules)(target, property);
    documentLater.push(() => {
      ApiProperty(enumOf(values()))(target, property);
    });
  };
}

/** `IsIn` of class-validator, which reads the values when it validates. */
function IsOneOf(values: Values, each: boolean): PropertyDecorator {
  return ValidateBy(
    {
      name: IS_IN,
      constraints: [values],
      validator: {
        validate: (value) => valuesOf(values).includes(value as Value),
        defaultMessage: () =>
          `${each ? 'each value in ' : ''}$property must be one of the following values: ${valuesOf(values).join(', ')}`,
      },
    },
    { each },
  );
}

/** The values at this moment. */
export function valuesOf(values: Values): readonly Value[] {
  return typeof values === 'function' ? values() : values;
}
