import type { ChainId, WalletSigner } from './embedded-wallets.js';
import { hasCode } from '../problem.js';

/** A request of a page (EIP-1193). */
export interface ProviderRequest {
  readonly method: string;
  readonly params?: unknown;
}

/** The wallet of a page, as viem (`custom`), ethers (`BrowserProvider`) and other libraries accept it. */
export interface WalletProvider {
  /** @throws ProviderError */
  request(request: ProviderRequest): Promise<unknown>;
  /** The provider emits no events, because the wallet has one address and one chain. */
  on(event: string, listener: unknown): void;
  removeListener(event: string, listener: unknown): void;
}

/** An error with a code of EIP-1193. Its `cause` is the error of the service. */
export class ProviderError extends Error {
  declare readonly code: number;

  constructor(code: number, message: string, cause?: unknown) {
    super(message, { cause });
    Object.assign(this, { name: 'ProviderError', code });
  }
}

const DECLINED = 4001;
const OTHER_ACCOUNT = 4100;
const UNSUPPORTED = 4200;
const MALFORMED = -32602;
const INTERNAL = -32603;
const HEX = /^0x(?:[0-9a-f]{2})*$/i;

/**
 * Makes an embedded wallet a provider (EIP-1193) for one chain. It signs messages (`personal_sign`) and typed data
 * (`eth_signTypedData_v4`) after the person confirms each one. Other methods, such as sending and reading the chain,
 * fail with 4200.
 * @param address the wallet's address, as the service returns it
 */
export function walletProvider(address: string, chainId: ChainId, signer: WalletSigner): WalletProvider {
  function assertOwn(account: unknown): void {
    if (typeof account !== 'string' || account.toLowerCase() !== address.toLowerCase())
      throw new ProviderError(OTHER_ACCOUNT, 'The wallet does not sign for this account');
  }
  const methods: Readonly<Record<string, (params: readonly unknown[]) => unknown>> = {
    eth_requestAccounts: () => [address],
    eth_accounts: () => [address],
    eth_chainId: () => `0x${BigInt(chainId.slice('eip155:'.length)).toString(16)}`,
    personal_sign: ([message, account]) => {
      assertOwn(account);
      if (typeof message !== 'string') throw new ProviderError(MALFORMED, 'The message is not text');
      return signer.signMessage(chainId, message, HEX.test(message) ? 'hex' : 'text');
    },
    eth_signTypedData_v4: ([account, typedData]) => {
      assertOwn(account);
      return signer.signTypedData(chainId, typedData as object | string);
    },
  };
  return {
    async request({ method, params }) {
      const answer = Object.hasOwn(methods, method) ? methods[method] : undefined;
      if (!answer) throw new ProviderError(UNSUPPORTED, `The wallet does not support ${method}`);
      try {
        return await answer(Array.isArray(params) ? params : []);
      } catch (error) {
        if (error instanceof ProviderError) throw error;
        const code = hasCode(error, 'local.declined') ? DECLINED : INTERNAL;
        throw new ProviderError(code, (error as Error).message, error);
      }
    },
    on: () => undefined,
    removeListener: () => undefined,
  };
}
