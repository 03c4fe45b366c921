export { callRules, LimitsCalls, LimitsRefusals, refusalRules, useRateLimits } from './address-limits';
export { CallerAddresses, trustedProxy } from './caller-address';
export { countedAddress, addressKey, isCountedRefusal } from './counted-address';
export { assertAllowed, type LimitKey, type LimitRule, type Verdict } from './limit-rule';
export { LimitsModule } from './limits.module';
export { OneTimeMarks } from './one-time-marks';
export { RateLimits } from './rate-limits';
export { SharedStore } from './store/shared-store';
