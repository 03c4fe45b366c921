export type { ChainBackFiller } from './back-fill/chain-back-filler';
export { BackFillers } from './back-fill/back-fillers';
export { ChainFollowers } from './follower/chain-followers';
export { ChainFollower } from './follower/chain-follower';
export { FollowerStates } from './follower/follower-states';
export { HistoryLimits } from './history-limits';
export { chainStates, type ChainState } from './store/chain.entities';
export { WalletHistoryModule } from './wallet-history.module';
export { WalletRemainsJob } from './wallet-remains.job';
