import './keys.feature';

export { DigestWork } from './digest-work';
export { DigestedRowsRepository } from './digested-rows.repository';
export { BringsToActiveKey, type KeyWork, type Step, type StepResult } from './key-work';
export { KeysModule } from './keys.module';
export { Rewrapping, type Rewrapped } from './rewrapping';
export { compareRing, RingCheck, WrongKeyError } from './ring-check';
export { unlessUnreadable } from './unless-unreadable';
