export { countedOf, limitedSumsOf, nonceOf, ruledAmountsOf, type LimitedSum } from './amounts';
export { consentState, newConsent, readyAt, startParamOf, type Asked, type Consent } from './consents';
export { decodeSigning } from './decoding';
export { isWithin } from './is-within';
export { readLaunch, type Launch } from './launches';
export { NO_RULES, readRules, rulesInWords, type Rules } from './rules';
export { sealTo } from './seal-to';
export {
  askedWayOut,
  countedOnWayOut,
  namedWayOut,
  openedWayOut,
  readRecipients,
  shownRecipients,
  shownWayOut,
  wayOutAt,
  wayOutText,
  type WayOut,
} from './way-out';
export { partOf, refusedBySums } from './window-sums';
