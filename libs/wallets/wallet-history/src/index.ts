import './wallet-history.feature';

export { ChainResets } from './admin/chain-resets';
export { ChainFollowerResponse } from './admin/dto/chain-follower.dto';
export { ChainResetResponse, MAX_BLOCK } from './admin/dto/chain-reset.dto';
export type { BackFiller } from './back-fill/back-filler';
export { ChainFollowers } from './follower/chain-followers';
export { ChainFollower } from './follower/chain-follower';
export { KnownTokenNames } from './names/known-tokens';
export { TokenNameAsker } from './names/token-name-asker';
export { TokenNamesUpkeep } from './names/token-names-upkeep';
export { FollowerStates } from './follower/follower-states';
export { HistoryLimits } from './history-limits';
export { WalletHistoryModule } from './wallet-history.module';
export { OrphanedRowsCleanup } from './orphaned-rows-cleanup';
