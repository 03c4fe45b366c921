import { Address, toNano } from '@ton/core';
import type { TestCustody } from '../custody';
import { anEmbeddedWallet, environmentOf } from '../embedded-wallets';
import type { WalletBody } from '../linked-wallets';
import type { PersonSession } from '../person-session';
import { permit, send, type SendBody } from '../sends';
import type { Demo, TestApp } from '../test-app';
import type { TonApi } from './ton-api';
import type { TonNetwork } from './ton-network';
import { TON, tonChains } from './ton-owner';

/** The fee of the network, and what goes along with jettons. */
export const TON_CAPS = { maxFee: '20000000', attached: '100000000' };

/** An installation that sends on a sandboxed network. */
export function sendingOnTon(custody: TestCustody, apis: readonly TonApi[]) {
  const CHAINS = tonChains(apis, { timeLimitMs: 20_000, sending: TON_CAPS });
  return { environment: { ...environmentOf(custody).environment, CHAINS } };
}

export interface TonSender {
  readonly session: PersonSession;
  readonly wallet: WalletBody;
  readonly address: Address;
}

/** A person whose embedded wallet has five coins, and no contract yet. */
export async function aTonSender(app: TestApp, demo: Demo, network: TonNetwork): Promise<TonSender> {
  const { session, wallet } = await anEmbeddedWallet(app, demo, { chain: 'ton' });
  const address = Address.parse(wallet.address);
  await network.pay(address, toNano('5'));
  return { session, wallet, address };
}

export function permitOnTon({ session, wallet }: TonSender, request: object) {
  return permit(session, wallet, request, { chainId: TON });
}

export function sendOnTon({ session, wallet }: TonSender, request: object): Promise<SendBody> {
  return send(session, wallet, request, { chainId: TON });
}
