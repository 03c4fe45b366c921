export { walletActRefusals } from './act-refusals';
export { decodeAct, decodedActJson } from './decode-act';
export { decodeCall, type DecodedCalls } from './evm/calls';
export { bytesOf, hexOf, isReadable, membersOf } from './fields';
export { readWalletAct } from './read-act';
export { signedTransactionOf } from './evm/signed-transaction';
export { coinSpend } from './meaning';
export type {
  ActContext,
  AllowedCall,
  DecodedAct,
  DecodedActJson,
  Spend,
  TonTransferAct,
  UndecodedCall,
  WalletAct,
  WalletActKind,
} from './wallet-act';
