import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { tonStateInitOf, type CustodyClient, type WalletDescription } from '@countersign/custody-client';
import { Database } from '@countersign/database';
import type { OwnWallet } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { Custody, tonWalletIn } from '../custody';
import { embeddedWalletError } from '../embedded-wallets.errors';
import type { ActDetails } from '../store/wallet-act-sealing';
import { EmbeddedWallets, type TokenOrigin } from '../own/embedded-wallets.service';
import { ActMetrics } from './act-metrics';
import { ActReading } from './act-reading';
import type { SigningKind } from './acts';
import type { ActRequest, ReadAct } from './read-act';
import {
  askedAt,
  WalletActs,
  type AllowedAct,
  type ForeignToken,
  type OpenedAct,
} from './wallet-acts.service';

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

/** Has custody sign what was asked for. */
@Injectable()
export class WalletSigning {
  constructor(
    private readonly database: Database,
    private readonly embeddedWallets: EmbeddedWallets,
    private readonly acts: WalletActs,
    private readonly reading: ActReading,
    private readonly custody: Custody,
    private readonly metrics: ActMetrics,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError as `WalletActs.allow`, and wallet.custody_unavailable: then the same call may be sent again */
  async sign(caller: Principal, opened: OpenedAct & { readonly kind: SigningKind }): Promise<SignedAct> {
    const { act, kind, wanted } = opened;
    return this.metrics.counted(kind, 'done', async () => {
      if (act.doneAt) throw embeddedWalletError('wallet.act_performed');
      const { own, read } = await this.read(caller, act.walletId, { ...wanted, kind }, askedAt(act));
      return this.signAllowed(own.wallet, await this.acts.allow(caller, opened, read));
    });
  }

  /** With a token of another API. A call without an answer of custody is sent again with another token. @throws AppError as `WalletActs.consumeForeign` */
  async signBy(
    token: ForeignToken,
    caller: Principal,
    walletId: string,
    wanted: ActRequest & { readonly kind: SigningKind },
  ): Promise<SignedAct & { readonly payload: Buffer }> {
    const { kind } = wanted;
    return this.metrics.counted(kind, 'done', async () => {
      const { own, read } = await this.read(caller, walletId, wanted, this.clock.now(), 'compat');
      const allowed = await this.database.transaction((tx) =>
        this.acts.consumeForeign(tx, caller, { walletId, kind }, token, read),
      );
      const signed = await this.signAllowed(own.wallet, { ...allowed, read });
      return { ...signed, payload: signingOf(read).payload };
    });
  }

  private async read(
    caller: Principal,
    walletId: string,
    wanted: ActRequest & { readonly kind: SigningKind },
    askedAt: Date,
    by: TokenOrigin = 'native',
  ): Promise<{ readonly own: OwnWallet; readonly read: ReadAct }> {
    const settings = await this.embeddedWallets.settingsOf(caller.applicationId, { by });
    const own = await this.acts.ownOf(caller, walletId);
    return { own, read: await this.reading.read(own, wanted, settings, askedAt) };
  }

  private async signAllowed(
    { id: walletId, provider, environment }: OwnWallet['wallet'],
    allowed: AllowedAct,
  ): Promise<SignedAct> {
    const signing = signingOf(allowed.read);
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
      await this.acts.done(id);
      return answer;
    } catch (error) {
      await this.acts.notAnswered(id);
      throw error;
    }
  }
}

function signingOf({ signing }: ReadAct): NonNullable<ReadAct['signing']> {
  if (!signing) throw new Error('the act has nothing to sign');
  return signing;
}

function tonAccountOf(environment: string, described: WalletDescription): TonAccount {
  return {
    publicKey: described.tonPublicKey,
    walletStateInit: tonStateInitOf(tonWalletIn(environment, described)),
  };
}
