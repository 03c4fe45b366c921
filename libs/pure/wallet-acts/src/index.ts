export { walletActRefusals, type RefusedAct, type WalletActRefusal } from './act-refusals';
export { decodeAct, decodedActJson } from './decode-act';
export type {
  ActContext,
  AllowedCall,
  DecodedAct,
  DecodedActJson,
  MessageAct,
  Spend,
  TonDataAct,
  TonProofAct,
  TransactionAct,
  TypedDataAct,
  UndecodedCall,
  WalletAct,
  WalletActKind,
} from './wallet-act';
