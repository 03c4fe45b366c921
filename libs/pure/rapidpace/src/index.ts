export { readLinkAge } from './link-age';
export { parsePlayerBody } from './parse-player-body';
export { parseRedirectQuery } from './parse-redirect-query';
export { isCampaignParameter, type RapidpaceRecord } from './rapidpace-record';
export {
  rapidpaceBodyRefusals,
  rapidpaceLinkRefusals,
  rapidpaceRefusals,
  type RapidpaceRefusal,
} from './rapidpace-refusals';
export { deriveRapidpaceKey, signRecord } from './record-hmac';
export { recordVerification, verifyRecord, type VerifiedRapidpacePlayer } from './verify-record';
