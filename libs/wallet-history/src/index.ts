export { ChainFollowers } from './follower/chain-followers';
export { chainStates, type ChainState } from './store/chain.entities';
