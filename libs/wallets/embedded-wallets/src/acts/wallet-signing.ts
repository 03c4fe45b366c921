import { Injectable } from '@nestjs/common';
import { tonStateInitOf, type CustodyClient, type WalletDescription } from '@countersign/custody-client';
import { OwnWallets, type OwnWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { Custody, tonWalletIn } from '../custody';
import { embeddedWalletError } from '../embedded-wallets.errors';
import type { ActDetails } from '../store/wallet-act-sealing';
import { ActMetrics } from './act-metrics';
import type { ReadAct, WantedAct } from './read-act';
import type { AllowedAct, ForeignToken } from './wallet-token';
import { WalletTokens } from './wallet-tokens';

/** An act with its token. */
type TokenUse = WantedAct & { readonly walletToken: string };

export interface SignedAct {
  readonly actId: string;
  /** 65 bytes for EVM, 64 for TON. */
  readonly signature: Buffer;
  readonly details: ActDetails;
  /** What a site verifies a signature of TON by; null for EVM. */
  readonly ton: TonAccount | null;
}

export interface TonAccount {
  /** Hex. */
  readonly publicKey: string;
  /** Base64. */
  readonly walletStateInit: string;
}

/** Has custody do what a token allows. */
@Injectable()
export class WalletSigning {
  constructor(
    private readonly wallets: OwnWallets,
    private readonly tokens: WalletTokens,
    private readonly custody: Custody,
    private readonly metrics: ActMetrics,
  ) {}

  /** @throws AppError as `WalletTokens.use`, and wallet.custody_unavailable: then the same call may be sent again */
  async sign(caller: Principal, walletId: string, use: TokenUse): Promise<SignedAct> {
    return this.metrics.counted(use.act, 'done', () => this.signNow(caller, walletId, use));
  }

  private async signNow(caller: Principal, walletId: string, use: TokenUse): Promise<SignedAct> {
    if (use.act === 'export' || use.act === 'send') throw embeddedWalletError('wallet.token_invalid');
    const { wallet } = await this.wallets.get(caller, walletId);
    return this.signAllowed(wallet, await this.tokens.use(caller, walletId, use));
  }

  /** With a token of another API. A call without an answer of custody is sent again with another token. @throws AppError as `WalletTokens.allow` */
  async signBy(
    token: ForeignToken,
    caller: Principal,
    walletId: string,
    wanted: WantedAct,
  ): Promise<SignedAct & { readonly payload: Buffer }> {
    return this.metrics.counted(wanted.act, 'done', async () => {
      const allowed = await this.tokens.allow(caller, walletId, wanted, token);
      const { wallet } = await this.wallets.get(caller, walletId);
      const signed = await this.signAllowed(wallet, allowed);
      return { ...signed, payload: signingOf(allowed).payload };
    });
  }

  private async signAllowed(
    { id: walletId, provider, environment }: OwnWallet['wallet'],
    allowed: AllowedAct,
  ): Promise<SignedAct> {
    const signing = signingOf(allowed);
    let ton: TonAccount | null = null;
    const signature = await this.do(allowed, async (client) => {
      if (provider === 'ton') ton = tonAccountOf(environment, await client.describe(walletId));
      return client.sign({ callId: allowed.id, walletId }, signing, allowed.consent);
    });
    return { actId: allowed.id, signature, details: allowed.read.details, ton };
  }

  private async do({ id }: AllowedAct, call: (client: CustodyClient) => Promise<Buffer>): Promise<Buffer> {
    try {
      const answer = await this.custody.answer(call);
      await this.tokens.done(id);
      return answer;
    } catch (error) {
      await this.tokens.notAnswered(id);
      throw error;
    }
  }
}

function signingOf({ read: { signing } }: AllowedAct): NonNullable<ReadAct['signing']> {
  if (!signing) throw new Error('the act has nothing to sign');
  return signing;
}

function tonAccountOf(environment: string, described: WalletDescription): TonAccount {
  return {
    publicKey: described.tonPublicKey,
    walletStateInit: tonStateInitOf(tonWalletIn(environment, described)),
  };
}
