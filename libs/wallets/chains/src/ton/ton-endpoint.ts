import { ChainService } from '../rpc/chain-service';
import type { JsonRecord } from '../rpc/json-rpc';
import { addressArgument, addressOfStack } from './cells';
import {
  assertPassedOn,
  readRefusalOfAnyStatus,
  readWallet,
  readAccount,
  readGetMethod,
  readLastBlock,
  readResult,
  readZeroState,
  type TonWalletState,
  type GetMethodResult,
  type TonAccount,
  type TonBlock,
} from './read-toncenter';

const MAX_BYTES = 1_048_576;

type Read<T> = (result: JsonRecord) => T;

/** An endpoint of toncenter's API, version 2. It is asked only after it gave its network's first state. */
export class TonEndpoint extends ChainService {
  /** @throws NodeError */
  account(address: string): Promise<TonAccount> {
    return this.ask('getAddressInformation', { address }, readAccount);
  }

  /** @param stack arguments as the API takes them: `["num", "7"]`, `["tvm.Slice", "te6cc..."]`. @throws NodeError */
  runGetMethod(
    address: string,
    method: string,
    stack: readonly (readonly [kind: string, value: string])[] = [],
  ): Promise<GetMethodResult> {
    return this.ask('runGetMethod', { address, method, stack }, readGetMethod);
  }

  /** Reads the v5r1 wallet and its shard's time from one block. @throws NodeError */
  wallet(address: string): Promise<TonWalletState> {
    return this.ask('getAddressInformation', { address }, readWallet);
  }

  /** Sends an external message. The endpoint's answer proves nothing. @throws NodeError as `assertPassedOn` */
  async send(boc: Buffer): Promise<void> {
    await this.known();
    const body = { jsonrpc: '2.0', id: '1', method: 'sendBoc', params: { boc: boc.toString('base64') } };
    await this.exchange({ body }, 1, { maxBytes: MAX_BYTES }, assertPassedOn, readRefusalOfAnyStatus);
  }

  /** Asks the master for an owner's jetton wallet; null if it names none. Addresses are raw. @throws NodeError */
  async jettonWallet(master: string, owner: string): Promise<string | null> {
    const argument = addressArgument(owner);
    const { exitCode, stack } = await this.runGetMethod(master, 'get_wallet_address', [argument]);
    return exitCode === 0 ? addressOfStack(stack[0]) : null;
  }

  /** Reads the newest block of the masterchain. @throws NodeError */
  head(timeLimitMs?: number): Promise<TonBlock> {
    return this.ask('getMasterchainInfo', {}, readLastBlock, timeLimitMs);
  }

  protected async identify(): Promise<void> {
    if ((await this.call('getMasterchainInfo', {}, readZeroState)) !== this.chain.genesisHash)
      throw this.lied('wrong_network');
  }

  private async ask<T>(method: string, params: object, read: Read<T>, timeLimitMs?: number): Promise<T> {
    await this.known();
    return this.call(method, params, read, timeLimitMs);
  }

  private call<T>(method: string, params: object, read: Read<T>, timeLimitMs?: number): Promise<T> {
    const body = { jsonrpc: '2.0', id: '1', method, params };
    const limits = { maxBytes: MAX_BYTES, timeLimitMs };
    return this.exchange({ body }, 1, limits, (answer) => read(readResult(answer)));
  }
}
