import './sending.feature';

export { Broadcasts } from './following/broadcasts';
export { ForeignSends } from './compat/foreign-sends.service';
export { SendFollowers } from './following/send-followers';
export { SendEstimates } from './compat/send-estimates';
export { SendingModule } from './sending.module';
export type { SentTransaction } from './evm/read-transaction';
