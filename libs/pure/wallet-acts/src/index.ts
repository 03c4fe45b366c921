export { walletActRefusals, type RefusedAct } from './act-refusals';
export { decodeAct, decodedActJson } from './decode-act';
export { decodeCall, type Call, type DecodedCalls } from './evm/calls';
export { bytesOf, hexOf, isReadable, membersOf } from './fields';
export { signedTransactionOf } from './evm/signed-transaction';
export { coinDecimals, coinSpend } from './meaning';
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
export { decodeTonTransfer, type TonTransferContext } from './ton/ton-transfer';
