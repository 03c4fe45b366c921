import type { ApiPropertyOptions } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { field, type FieldOptions } from './field';
import { listRules, type ListOptions } from './list';

type Value = string | number | boolean | null;

interface OneOfOptions extends FieldOptions {
  /** The name of the schema in the document, for a list that several fields have. */
  readonly name?: string;
  /** For a list of values. */
  readonly list?: ListOptions;
}

/** A value of a closed list. The list is not copied: features add to some lists after the class is loaded. */
export function OneOf(
  values: readonly Value[],
  description: string,
  example: Value | readonly Value[],
  { name, list, ...options }: OneOfOptions = {},
): PropertyDecorator {
  const schema: ApiPropertyOptions = {
    enum: values as Value[],
    ...(name === undefined ? {} : { enumName: name }),
    ...(list ? { isArray: true } : {}),
  };
  // The document takes the type from the list as it is now: one that features fill later is of texts.
  const placeholders = values.length === 0 ? [''] : [];
  (values as Value[]).push(...placeholders);
  const decorator = field({ ...schema, description, example }, options, [
    ...(list ? listRules(list) : []),
    IsIn(values, { each: list !== undefined }),
  ]);
  if (placeholders.length > 0) (values as Value[]).pop();
  return decorator;
}
