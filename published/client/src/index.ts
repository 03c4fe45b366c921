export { createCountersign } from './countersign.js';
export type { Call, Input, MethodOf, Output, Path, Schemas } from './api.js';
export type { ErrorCode } from './generated/api-types.js';
export {
  CountersignError,
  errorTexts,
  hasCode,
  isCountersignError,
  problemIn,
  textOf,
  type LocalCode,
  type ProblemBody,
} from './problem.js';
export type {
  Countersign,
  CountersignOptions,
  DeviceKey,
  DeviceKeys,
  Proof,
  SessionState,
  SessionStore,
  SignedIn,
  Store,
  Transport,
} from './types.js';
