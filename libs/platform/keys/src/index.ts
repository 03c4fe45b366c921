import './keys.feature';

export { DigestWork } from './digests/digest-work';
export { DigestedRowsRepository } from './digests/digested-rows.repository';
export { Digests, type DigestsOfKind } from './digests/digests.repository';
export { BringsToActiveKey } from './key-work';
export { KeysModule } from './keys.module';
export { Rewrapping } from './rewrapping';
export { unlessUnreadable } from './unless-unreadable';
export { compareRing, RingCheck, WrongKeyError } from './ring-check';
