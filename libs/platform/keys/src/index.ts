export { DigestWork, type DigestedTable } from './digests/digest-work.repository';
export { Digests, digestsOfKind } from './digests/digests.repository';
export { BringsToActiveKey } from './key-work';
export { KeysModule } from './keys.module';
export { Rewrapping } from './rewrapping';
export { NeedsFormerKey, type UntreatedRows } from './untreated-rows';
export { compareRing, RingCheck, WrongKeyError } from './ring-check';
