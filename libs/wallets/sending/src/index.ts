export { Broadcasts } from './following/broadcasts';
export { CompatSends, SendEstimates } from './compat/compat-sends';
export { SendFollowers } from './following/send-followers';
export { SendingModule } from './sending.module';
export type { SentTransaction } from './evm/read-transaction';
