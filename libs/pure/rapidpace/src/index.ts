export { isInFuture, readLinkAge } from './link-age';
export { parsePlayerBody } from './parse-player-body';
export { parseRedirectQuery } from './parse-redirect-query';
export {
  isCampaignParameter,
  deriveRapidpaceKey,
  signRecord,
  type RapidpaceRecord,
} from './rapidpace-record';
export * from './rapidpace-refusals';
export { checkRecord, verifyRecord, type VerifiedRapidpacePlayer } from './verify-record';
