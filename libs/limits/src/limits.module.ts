import { Global, Module } from '@nestjs/common';
import { LimitDigests } from './limit-digests';
import { OneTimeMarks } from './one-time-marks';
import { RateLimits } from './rate-limits';
import { SharedStore } from './shared-store';

@Global()
@Module({
  providers: [LimitDigests, OneTimeMarks, RateLimits, SharedStore],
  exports: [OneTimeMarks, RateLimits, SharedStore],
})
export class LimitsModule {}
