import { Global, Module } from '@nestjs/common';
import { CallerAddresses } from './caller-address';
import { LimitDigests } from './limit-digests';
import { OneTimeMarks } from './one-time-marks';
import { RateLimits } from './rate-limits';
import { SharedStore } from './store/shared-store';

@Global()
@Module({
  providers: [CallerAddresses, LimitDigests, OneTimeMarks, RateLimits, SharedStore],
  exports: [CallerAddresses, OneTimeMarks, RateLimits, SharedStore],
})
export class LimitsModule {}
