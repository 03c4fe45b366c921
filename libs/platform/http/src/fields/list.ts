import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray } from 'class-validator';

export interface ListOptions {
  readonly min?: number;
  readonly max?: number;
  readonly unique?: boolean;
}

/** The rules of a list itself: those of its items follow. */
export function listRules({ min, max, unique = false }: ListOptions): readonly PropertyDecorator[] {
  return [
    IsArray(),
    ...(min === undefined ? [] : [ArrayMinSize(min)]),
    ...(max === undefined ? [] : [ArrayMaxSize(max)]),
    ...(unique ? [ArrayUnique()] : []),
  ];
}
