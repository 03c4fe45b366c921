export type { FieldOptions } from './field';
export {
  Count,
  Flag,
  FlagInQuery,
  Id,
  Instant,
  Integer,
  ListOf,
  Matching,
  Nested,
  ObjectOf,
  Text,
  Uri,
} from './kinds';
export { NextCursor, PageOf } from './page-of';
export { OneOf } from './one-of';
export { toResponse } from './to-response';
