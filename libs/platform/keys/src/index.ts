import './keys.feature';

export { DigestWork } from './digest-work';
export { DigestedRowsRepository } from './digested-rows.repository';
export { Heartbeat } from './heartbeat';
export {
  BringsToActiveKey,
  HoldsRingKeys,
  type FormerKey,
  type KeyHolder,
  type KeyWork,
  type Step,
  type StepResult,
} from './key-work';
export { KeyRotation, type KeysStatus } from './key-rotation.service';
export { KeysModule } from './keys.module';
export { Rewrapping } from './rewrapping';
export { unlessUnreadable } from './unless-unreadable';
export { compareRing, RingStates, WrongKeyError } from './ring-states';
