export { LimitsCalls, LimitsRefusals } from './address-limits';
export { countedAddress } from './counted-address';
export type { LimitKey, LimitRule, Verdict } from './limit-rule';
export { LimitsModule } from './limits.module';
export { OneTimeMarks } from './one-time-marks';
export { RateLimits } from './rate-limits';
export { SharedStore } from './shared-store';
export { useRateLimits } from './use-rate-limits';
export { assertAllowed, noteVerdict, verdictHeaders } from './verdict-headers';
