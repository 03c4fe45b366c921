import type { Caller, Schemas } from '../api.js';
import { CountersignError, hasCode } from '../problem.js';
import { untilAccepted, type OpenLink, type WalletAct } from './consents.js';

type Performed = Schemas['PerformedActResponse'];

/** The id of an EVM chain in CAIP-2, such as `eip155:1`. */
export type ChainId = `eip155:${string}`;

/** What the service reads in the signed bytes. Numbers are decimal text in the smallest unit. */
export interface ActDetails {
  readonly kind: 'message' | 'typed-data' | 'transaction' | 'ton-proof';
  /** The id of the chain in CAIP-2. */
  readonly chain: string;
  /** English sentences for the person. They quote no text of the request. */
  readonly summary: readonly string[];
  /** The signed text, or the payload of `ton_proof` in hex. Show it as text, because strangers may have written it. */
  readonly text: string | null;
  readonly domain: string | null;
  readonly contract: string | null;
  readonly method: string | null;
  /** The amounts that the signature transfers, or lets another party transfer. */
  readonly spends: readonly Spend[];
  readonly maxFee: string | null;
  /** The time that `ton_proof` states, in Unix seconds. */
  readonly timestamp: number | null;
  /** The calls that the service cannot read and the application has allowed. */
  readonly undecoded: readonly { readonly contract: string | null; readonly method: string }[];
}

export interface Spend {
  readonly kind: 'transfer' | 'approval' | 'permit';
  /** It is `null` for the chain's own coin. */
  readonly token: string | null;
  readonly tokenId: string | null;
  readonly amount: string;
  /** Whether `amount` may be the id of a collectible. */
  readonly isAmountOrTokenId: boolean;
  /** Whether the call exists only for collectibles. */
  readonly isCollectible: boolean;
  readonly owner: string;
  readonly to: string;
  /** The deadline in Unix seconds. */
  readonly deadline: string | null;
}

/** Shows the person what would be signed. @returns whether they want it */
export type Confirm = (details: ActDetails) => boolean | Promise<boolean>;

/** Signs with one wallet. Each method throws CountersignError `local.declined` if the person declines. */
export interface WalletSigner {
  /** Signs by EIP-191. @param message text, or with `hex` the `0x` hex of its UTF-8 @returns 65 bytes as `0x` hex */
  signMessage(chainId: ChainId, message: string, encoding?: 'text' | 'hex'): Promise<string>;
  /**
   * Signs by EIP-712. @returns 65 bytes as `0x` hex
   * @param typedData `types`, `primaryType`, `domain` and `message`, or their JSON
   */
  signTypedData(chainId: ChainId, typedData: object | string): Promise<string>;
  /** Signs the members of `eth_signTransaction` without sending them. @returns 65 bytes as `0x` hex */
  signTransaction(chainId: ChainId, transaction: object): Promise<string>;
  /** Signs a `ton_proof` of TON Connect. @param domain one of the application's domains */
  signTonProof(domain: string, payload: string): Promise<TonSignature>;
}

export interface TonSignature extends NonNullable<Performed['ton']> {
  /** 64 bytes in base64. */
  readonly signature: string;
  /** Unix seconds. */
  readonly timestamp: number;
}

const ATTEMPTS = 5;

/**
 * Returns the person's wallet for a chain, and creates it if there is none. `binding` is a link of the consent bot: the
 * person opens it within ten minutes (`untilAccepted`), so that the wallet can perform acts that require consent.
 * Within a day after the wallet was created, the same call returns a new link.
 * @throws CountersignError such as `wallet.embedded_off`
 */
export function createEmbeddedWallet(
  { call }: Caller,
  chain: 'evm' | 'ton',
): Promise<Schemas['EmbeddedWalletResponse']> {
  return untilCustodyAnswers(() => call('POST', '/v1/wallets/embedded', { body: { chain } }));
}

/** Signs with an embedded wallet after the person confirms. The operator's rules may also require the consent bot. */
export function walletSigner(
  { call }: Caller,
  walletId: string,
  confirm: Confirm,
  openLink?: OpenLink,
): WalletSigner {
  async function sign(
    kind: Schemas['ActRequest']['kind'],
    request: Record<string, unknown>,
    chainId?: string,
  ): Promise<Performed> {
    const asked = await call('POST', '/v1/wallets/{walletId}/acts', {
      path: { walletId },
      body: { kind, request, ...(chainId !== undefined && { chainId }) },
    });
    return performConfirmed({ call }, walletId, asked, confirm, openLink);
  }
  async function signEvm(...wanted: Parameters<typeof sign>): Promise<string> {
    return (await sign(...wanted)).signature as string;
  }
  return {
    signMessage: (chainId, message, encoding = 'text') =>
      signEvm('sign-message', { message, encoding }, chainId),
    signTypedData: (chainId, typedData) => signEvm('sign-typed-data', { typedData }, chainId),
    signTransaction: (chainId, transaction) => signEvm('sign-transaction', { transaction }, chainId),
    async signTonProof(domain, payload) {
      const { signature, ton, details } = await sign('ton-proof', { domain, payload });
      return { ...ton, signature, timestamp: details?.['timestamp'] } as TonSignature;
    },
  };
}

/** Performs an act after the person confirms, here and at the consent bot. @throws CountersignError `local.declined` */
export async function performConfirmed(
  caller: Caller,
  walletId: string,
  asked: WalletAct,
  confirm: Confirm,
  openLink: OpenLink | undefined,
): Promise<Performed> {
  if (!(await confirm(asked.details as unknown as ActDetails))) throw new CountersignError('local.declined');
  await untilAccepted(caller, walletId, asked, openLink);
  return perform(caller, walletId, asked);
}

export function perform({ call }: Caller, walletId: string, { actId }: WalletAct): Promise<Performed> {
  const path = { walletId, actId };
  return untilCustodyAnswers(() => call('POST', '/v1/wallets/{walletId}/acts/{actId}/perform', { path }));
}

/** Repeats a call while custody does not answer. The service performs it once. */
async function untilCustodyAnswers<T>(send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await send();
    } catch (error) {
      if (attempt === ATTEMPTS || !hasCode(error, 'wallet.custody_unavailable')) throw error;
      const { retryAfter } = error;
      await new Promise((resolve) => setTimeout(resolve, (retryAfter ?? 1) * 1000));
    }
}
