export {
  consentStates,
  custodyRefusals,
  environments,
  readCall,
  readingCalls,
  sides,
  type Act,
  type Answers,
  type Asked,
  type AskedWayOut,
  type Call,
  type CallOf,
  type ConsentKind,
  type ConsentProgress,
  type ConsentState,
  type CustodyHealth,
  type CustodyRefusal,
  type Environment,
  type JournalPosition,
  type Side,
  type Signing,
  type WalletDescription,
} from './calls';
export { commandOf, CUSTODY_HELP } from './commands';
export { encodeFrame, exchange, FrameError, FrameReader, MAX_BODY_BYTES, type Frame } from './frames';
export {
  followEntries,
  JOURNAL_START,
  isRepeated,
  nextRow,
  NO_WALLET,
  signedWithoutAct,
  type JournalEntry,
  type JournalRow,
} from './journal';
export { Refused } from './refused';
export type { Recipients, ShownConsent, ShownWallet, WayOut } from './shown';
