import type { Caller, Schemas } from '../api.js';
import { CountersignError } from '../problem.js';

/** The wallet of a page (EIP-1193). */
export interface PageWallet {
  request(request: { readonly method: string; readonly params?: readonly string[] }): Promise<unknown>;
}

/** The code of EIP-1193 if the person declined. */
const DECLINED = 4001;

/**
 * Connects the page's wallet, to show and use it. The person signs one message (EIP-4361), without a step-up. The
 * wallet cannot sign in afterwards. To allow this, use `stepUp` for `account.link` and the same calls with its grant.
 * @param provider such as `window.ethereum`
 * @throws CountersignError local.declined if the person declines
 */
export async function connectWallet(
  { call }: Caller,
  provider: PageWallet,
): Promise<Schemas['WalletResponse']> {
  const ask = async (method: string, params?: readonly string[]): Promise<unknown> => {
    try {
      return await provider.request({ method, ...(params && { params }) });
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code !== DECLINED) throw error;
      throw new CountersignError('local.declined', 0, {}, null, error);
    }
  };
  const [address = ''] = (await ask('eth_requestAccounts')) as readonly string[];
  const chainId = `eip155:${Number(await ask('eth_chainId'))}`;
  const { challengeId, message } = await call('POST', '/v1/wallets/challenges', {
    body: { kind: 'siwe', address, chainId },
  });
  const bytes = new TextEncoder().encode(message ?? '');
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const signature = (await ask('personal_sign', [`0x${hex}`, address])) as string;
  return call('POST', '/v1/wallets/links', { body: { challengeId, signature } });
}
