import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beginCell, Cell, Dictionary, external, storeMessage } from '@ton/core';
import { sign } from '@ton/crypto';
import { TELEGRAM_SUBWALLET, type TelegramWallet } from '../wallets';
import type { TonNetwork } from './ton-network';

const { boc } = JSON.parse(
  readFileSync(join(__dirname, '../../vectors/telegram-wallet-code.json'), 'utf8'),
) as { readonly boc: string };
/** The wallet inside Telegram runs what this parameter of the chain's configuration has. */
const CODE_PARAMETER = -123;
const CHANGE_KEY = 0xfbba99c8;
const SUBWALLET = TELEGRAM_SUBWALLET;
const LIFETIME_SECONDS = 180;

/** Gives the chain the code that the wallets inside Telegram run. */
export function installTelegramCode({ chain }: TonNetwork): void {
  const configuration = Dictionary.loadDirect(
    Dictionary.Keys.Int(32),
    Dictionary.Values.Cell(),
    chain.config,
  );
  configuration.set(CODE_PARAMETER, Cell.fromBase64(boc));
  chain.setConfig(beginCell().storeDictDirect(configuration).endCell());
}

/**
 * Has the deployed contract change its key, signed by the present one and the next one.
 * @returns the wallet with the next key
 */
export async function rotateKey(network: TonNetwork, wallet: TelegramWallet): Promise<TelegramWallet> {
  const { address } = wallet.contract;
  const next = wallet.rotated();
  const consent = beginCell()
    .storeBuffer(Buffer.from('KEY_ROTATION'))
    .storeInt(address.workChain, 8)
    .storeBuffer(address.hash)
    .endCell();
  await ask(network, wallet, CHANGE_KEY, (request) =>
    request
      .storeBuffer(Buffer.from(next.publicKey, 'hex'))
      .storeRef(beginCell().storeBuffer(sign(consent.hash(), next.secretKey)).endCell())
      // The former key, encrypted for the owner: the contract does not look at it.
      .storeRef(beginCell().storeBuffer(Buffer.alloc(32)).endCell()),
  );
  return next;
}

/** @throws Error of the sandbox where the contract does not take the request */
async function ask(
  network: TonNetwork,
  { contract: { address }, secretKey }: TelegramWallet,
  operation: number,
  rest: (request: ReturnType<typeof beginCell>) => ReturnType<typeof beginCell>,
): Promise<void> {
  const { stackReader } = await network.chain.runGetMethod(address, 'seqno');
  const validUntil = Math.floor(Date.now() / 1_000) + LIFETIME_SECONDS;
  const head = beginCell()
    .storeUint(operation, 32)
    .storeUint(SUBWALLET, 32)
    .storeUint(validUntil, 32)
    .storeUint(stackReader.readNumber(), 32);
  const request = rest(head).endCell();
  const body = beginCell()
    .storeBuffer(sign(request.hash(), secretKey))
    .storeSlice(request.beginParse())
    .endCell();
  const message = external({ to: address, body });
  await network.act(network.chain.sendMessage(beginCell().store(storeMessage(message)).endCell()));
}
