import './keys.feature';

export { DigestWork } from './digests/digest-work';
export { DigestedRowsRepository } from './digests/digested-rows.repository';
export { Digests, type DigestsOfKind } from './digests/digests.repository';
export { BringsToActiveKey, type KeyWork, type Step, type StepResult } from './key-work';
export { KeysModule } from './keys.module';
export { Rewrapping, type Rewrapped } from './rewrapping';
export { compareRing, RingCheck, WrongKeyError } from './ring-check';
export { unlessUnreadable } from './unless-unreadable';
