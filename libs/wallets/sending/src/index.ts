import './sending.clear-text';

export { Broadcasts } from './following/broadcasts';
export { ExportedWallets } from './following/exported-wallets';
export { RestoredSends } from './following/restored-sends';
export { SendFollowers } from './following/send-followers';
export { SendEstimates } from './making/send-estimates';
export { SendingModule } from './sending.module';
