import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, ValidateIf } from 'class-validator';

/** Options of every field. A field without `input` belongs to a response: it is documented, not validated. */
export interface FieldOptions {
  /**
   * For a request: an `optional` field may be absent; a `removable` one may be absent or `null`. `required` with
   * `nullable` is for a response from which `PartialType` derives a patch.
   */
  readonly input?: 'required' | 'optional' | 'removable';
  /** For a field of a response. */
  readonly optional?: boolean;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly schema?: ApiPropertyOptions;
}

type Keywords = Pick<
  ApiPropertyOptions,
  'enum' | 'maxItems' | 'maxLength' | 'minItems' | 'pattern' | 'uniqueItems'
>;

/** Documents a property, and validates it if it has `input`. @param rules an error names the first broken one */
export function field(
  schema: ApiPropertyOptions,
  options: FieldOptions,
  rules: readonly PropertyDecorator[],
  keywords: Keywords = {},
): PropertyDecorator {
  const { input } = options;
  const isOptional = options.optional ?? (input === 'optional' || input === 'removable');
  const isNullable = options.nullable ?? input === 'removable';
  const documented = ApiProperty({
    ...schema,
    ...(isOptional ? { required: false } : {}),
    ...(isNullable ? { type: String, ...schema, nullable: true } : {}),
    ...(options.default === undefined ? {} : { default: options.default }),
    ...options.schema,
    ...(input === undefined ? {} : keywords),
  } as ApiPropertyOptions);
  return (target, property) => {
    documented(target, property);
    if (input === undefined) return;
    // `readInput` names the rule that was applied last.
    for (const rule of rules.toReversed()) rule(target, property);
    if (input === 'optional') MayBeAbsent()(target, property);
    if (input === 'removable') MayBeRemoved()(target, property);
    if (input === 'required' && isNullable) ValidateIf((_input, value) => value !== null)(target, property);
  };
}

/** For a field of a merge patch, which `null` removes. Its other rules apply to every other value. */
export function MayBeRemoved(): PropertyDecorator {
  return ValidateIf((_input, value) => value !== undefined && value !== null);
}

/** For an optional field whose other rules also apply to `null`. class-validator's `IsOptional` would accept `null`. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_input, value) => value !== undefined);
}

export interface ListOptions {
  readonly min?: number;
  readonly max?: number;
  readonly unique?: boolean;
}

export function listRules({ min, max, unique = false }: ListOptions): readonly PropertyDecorator[] {
  return [
    IsArray(),
    ...(min === undefined ? [] : [ArrayMinSize(min)]),
    ...(max === undefined ? [] : [ArrayMaxSize(max)]),
    ...(unique ? [ArrayUnique()] : []),
  ];
}

export function listKeywords({ min, max, unique = false }: ListOptions = {}): Keywords {
  return {
    ...(min === undefined ? {} : { minItems: min }),
    ...(max === undefined ? {} : { maxItems: max }),
    ...(unique ? { uniqueItems: true } : {}),
  };
}
