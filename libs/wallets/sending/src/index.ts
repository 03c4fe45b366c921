import './sending.feature';

export { Broadcasts } from './following/broadcasts';
export { Sending } from './making/sending.service';
export { SendFollowers } from './following/send-followers';
export { SendEstimates } from './making/send-estimates';
export { SendingModule } from './sending.module';
export { OwnSends } from './own/own-sends.service';
export type { SentTransaction } from './evm/read-transaction';
