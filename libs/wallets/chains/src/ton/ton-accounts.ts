import { Injectable } from '@nestjs/common';
import type { ChainId } from '../chain';
import { fromNodes, throwUnavailable } from '../from-nodes';
import { ServiceOptions, ServicesByChain } from '../services';
import { TonEndpoint } from './ton-endpoint';

/** The virtual machine's exit code for a contract that has no method of that name. */
const NO_SUCH_METHOD = 11;
const KEY_BITS = 256n;

interface TonWalletKey {
  /** A frozen account is deployed. An account deleted for its debts is not: its first key controls it again. */
  readonly isDeployed: boolean;
  /** The Ed25519 key that `get_public_key` answers, 32 bytes; null if the account answers none. */
  readonly publicKey: Buffer | null;
  /** How many endpoints agree: two if two or more are configured. */
  readonly nodes: number;
}

/** Asks TON endpoints about wallets. Addresses are raw: `0:<64 lower-case hex digits>`. */
@Injectable()
export class TonAccounts extends ServicesByChain<TonEndpoint> {
  constructor(options: ServiceOptions) {
    super(options, 'ton', 'nodes', (all) => all.map((each) => new TonEndpoint(each)));
  }

  /** Reads whether a contract is deployed, and its key. Null if two endpoints disagree. */
  async account(chainId: ChainId, address: string): Promise<TonWalletKey | null> {
    const answers = await this.ask(chainId, address, async (endpoint) => {
      const { state } = await endpoint.account(address);
      if (state !== 'active') return { isDeployed: state !== 'uninitialized', key: null };
      const { exitCode, value } = await endpoint.runGetMethod(address, 'get_public_key');
      const isKey = exitCode === 0 && value !== null && value > 0n && value >> KEY_BITS === 0n;
      return { isDeployed: true, key: isKey ? value.toString(16).padStart(64, '0') : null };
    });
    const [first] = answers;
    if (!first) return null;
    const { isDeployed, key } = first;
    if (answers.some((other) => other.isDeployed !== isDeployed || other.key !== key)) return null;
    return { isDeployed, publicKey: key === null ? null : Buffer.from(key, 'hex'), nodes: answers.length };
  }

  /**
   * `is_signature_allowed` of v5: true without that method, null if not deployed, false if any endpoint says so.
   * @throws as `account`
   */
  async isSignatureAllowed(chainId: ChainId, address: string): Promise<boolean | null> {
    const answers = await this.ask(chainId, address, async (endpoint) => {
      if ((await endpoint.account(address)).state !== 'active') return null;
      const { exitCode, value } = await endpoint.runGetMethod(address, 'is_signature_allowed');
      return exitCode === NO_SUCH_METHOD || (exitCode === 0 && value !== null && value !== 0n);
    });
    if (answers.includes(false)) return false;
    return answers.includes(true) ? true : null;
  }

  private async ask<T>(
    chainId: ChainId,
    address: string,
    work: (endpoint: TonEndpoint) => Promise<T>,
  ): Promise<readonly T[]> {
    const endpoints = this.of(chainId);
    if (endpoints.length === 0) throw new RangeError(`no endpoint is configured for ${chainId}`);
    if (!/^(?:0|-1):[0-9a-f]{64}$/.test(address)) throw new RangeError('the address is not raw');
    return fromNodes(endpoints, work).catch(throwUnavailable);
  }
}
