import { beginCell, Cell, contractAddress, type Contract } from '@ton/core';

/** What every wallet inside Telegram has as its code: it runs configuration parameter -123 of the chain. */
const TRAMPOLINE = 'b5ee9c7241010101001a000030ff00209821d7498308b9f240df8085f833d0ed1e20ed53d969427e39';
const SUBWALLET_IDS = { '-239': 0x7fff7f11, '-3': 0x7fff7ffd };

/** What is not as in a wallet that is to be deployed. */
export interface TelegramWalletData {
  readonly revision?: number;
  readonly seqno?: number;
  readonly subwalletId?: number;
  readonly isLonger?: boolean;
}

/** The wallet inside Telegram, with the key that its address is made of. */
export function telegramWallet(
  publicKey: Buffer,
  network: '-239' | '-3' = '-239',
  {
    revision = 0,
    seqno = 0,
    subwalletId = SUBWALLET_IDS[network],
    isLonger = false,
  }: TelegramWalletData = {},
): Contract & { readonly init: { readonly code: Cell; readonly data: Cell } } {
  const data = beginCell()
    .storeUint(revision, 8)
    .storeUint(seqno, 32)
    .storeUint(subwalletId, 32)
    .storeBuffer(publicKey, 32)
    .storeBits(
      beginCell()
        .storeUint(0, isLonger ? 1 : 0)
        .endCell().bits,
    )
    .endCell();
  const [code] = Cell.fromBoc(Buffer.from(TRAMPOLINE, 'hex'));
  if (!code) throw new Error('the code of the wallet was not read');
  const init = { code, data };
  return { address: contractAddress(0, init), init };
}
