export * from './amounts';
export * from './consents';
export { decodeSigning } from './decoding';
export { leavesRight } from './lasting-rights';
export { readLaunch, type Launch } from './launches';
export * from './nonces';
export { NO_RULES, readRules, rulesInWords, type Rules } from './rules';
export { sealTo } from './seal-to';
export { shownAct } from './shown-act';
export { ForeignRow, WalletSeal, type SealedRow, type SealedValues, type SeenHead } from './sealed-wallet';
export * from './wallet-state';
export {
  acceptingParamOf,
  askedWayOut,
  askingTexts,
  assertSignedByWayOut,
  isAcceptingParam,
  namingText,
  openedWayOut,
  readRecipients,
  shownRecipients,
  shownWayOut,
  spendingOnWayOut,
  wayOutAt,
  withoutNext,
  withoutWaits,
} from './way-out';
export { assertWithin, partOf, type CountedPart, type LimitedSum } from './window-sums';
