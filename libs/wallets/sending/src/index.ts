import './sending.feature';

export { Broadcasts } from './following/broadcasts';
export { ForeignSends, SendEstimates } from './compat/foreign-sends';
export { SendFollowers } from './following/send-followers';
export { SendingModule } from './sending.module';
export type { SentTransaction } from './evm/read-transaction';
