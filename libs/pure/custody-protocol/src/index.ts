export {
  custodyRefusals,
  readCall,
  type Answers,
  type Call,
  type CustodyHealth,
  type CustodyRefusal,
  type JournalPosition,
  type Signing,
  type WalletDescription,
} from './calls';
export { encodeFrame, FrameError, FrameReader, MAX_BODY_BYTES, type Frame } from './frames';
