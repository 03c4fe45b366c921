export { walletActRefusals } from './act-refusals';
export { decodeAct, decodedActJson } from './decode-act';
export { bytesOf, hexOf, isReadable, membersOf } from './fields';
export { coinDecimals, shownAddress } from './meaning';
export { readWalletAct } from './read-act';
export type {
  ActContext,
  AllowedCall,
  DecodedAct,
  DecodedActJson,
  Spend,
  TonTransferAct,
  WalletAct,
} from './wallet-act';
