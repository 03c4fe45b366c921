import { Chains } from '@countersign/chains';
import type { OwnWallet } from '@countersign/linked-wallets';
import {
  decodeAct,
  decodedActJson,
  readWalletAct,
  type ActContext,
  type DecodedAct,
  type WalletAct,
} from '@countersign/wallet-acts';
import { readChainId } from '@countersign/wallet-proofs';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { Clock, plusSeconds, SECOND } from '@countersign/runtime';
import { tonStateInitOf } from '@countersign/wallet-keys';
import { type CustodyClient } from '../custody/custody-client';
import { type WalletDescription } from '@countersign/custody-protocol';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { walletActError, embeddedWalletError } from '../embedded-wallets.errors';
import type { ActInput, ReadAct, SigningKind, ActDetails } from './acts';
import { Custody, tonWalletIn } from '../custody';
import { WalletActEntity } from '../store/wallet-act.entity';
import { WalletAccess, type TokenOrigin } from './act-rules';
import {
  ACT_SECONDS,
  RETRY_SECONDS,
  WalletActs,
  type AllowedAct,
  type OpenedAct,
  type CompatToken,
} from './wallet-acts.service';
import { ActMetrics } from './act-metrics';

const REQUESTS = {
  'sign-message': { kind: 'message', provider: 'ethereum' },
  'sign-typed-data': { kind: 'typed-data', provider: 'ethereum' },
  'sign-transaction': { kind: 'transaction', provider: 'ethereum' },
  'ton-proof': { kind: 'ton-proof', provider: 'ton' },
} as const satisfies Readonly<Record<SigningKind, object>>;

/** Test wallets sign only for test networks, others only for main networks. */
export function chainOf(
  chains: Chains,
  { provider, environment }: OwnWallet['wallet'],
  wanted: string | undefined,
): string {
  const isTest = environment === 'test';
  const own = isTest ? 'ton:-3' : 'ton:-239';
  const read = readChainId(wanted ?? (provider === 'ton' ? own : ''));
  const chain = read.ok ? read.value.id : null;
  const isRight =
    provider === 'ton'
      ? chain === own
      : chain?.startsWith('eip155:') && (chains.environmentOf(chain) === 'test') === isTest;
  if (chain === null || !isRight) throw walletActError('wallet.chain_mismatch');
  return chain;
}

/** Decodes the bytes. Custody itself refuses what its rules do not name. */
export function decode(act: WalletAct, context: Omit<ActContext, 'allowedCalls' | 'undecoded'>): DecodedAct {
  const decoded = decodeAct(act, { ...context, allowedCalls: [], undecoded: 'sign' });
  if (decoded.ok) return decoded.value;
  throw walletActError(decoded.code, decoded.detail === undefined ? {} : { detail: decoded.detail });
}

export function trailOf({
  chain,
  method,
  contract,
  spends,
  undecoded,
}: DecodedAct): Readonly<Record<string, string>> {
  return {
    chain,
    ...(method === null ? {} : { method }),
    // Without a method, the contract is the recipient of the coin.
    ...(contract === null || method === null ? {} : { contract }),
    spends: String(spends.length),
    undecoded: String(undecoded.length),
  };
}

/** Longer than a call to custody takes. Until then, another call may still get the answer. */
const ATTEMPT_MS = 15 * SECOND;

export interface SignedAct {
  readonly actId: string;
  /** 65 bytes for EVM, 64 for TON. */
  readonly signature: Buffer;
  readonly details: ActDetails;
  /** A site needs it to verify a TON signature; null for EVM. */
  readonly ton: TonAccount | null;
}

export interface TonAccount {
  /** Hex. */
  readonly publicKey: string;
  /** Base64. */
  readonly walletStateInit: string;
}

@Injectable()
export class WalletSigning {
  constructor(
    private readonly database: Database,
    private readonly access: WalletAccess,
    private readonly acts: WalletActs,
    private readonly chains: Chains,
    private readonly custody: Custody,
    private readonly clock: Clock,
  ) {}

  /** Reads what a call wants the wallet to sign. */
  async read(
    { applicationId }: Principal,
    { wallet, address }: OwnWallet,
    { kind: act, chainId, request }: ActInput & { readonly kind: SigningKind },
    {
      askedAt = this.clock.now(),
      by = 'native',
    }: { readonly askedAt?: Date; readonly by?: TokenOrigin } = {},
  ): Promise<ReadAct> {
    const { domains } = await this.access.settingsOf(applicationId, { by });
    const { kind, provider } = REQUESTS[act];
    const asked = wallet.provider === provider ? readWalletAct(kind, request) : null;
    if (!asked) throw walletActError('wallet.act_malformed');
    const chain = chainOf(this.chains, wallet, chainId);
    const decoded = decode(asked, { chain, address, domains, now: askedAt });
    const { spends, maxFee, undecoded, method, payload, digest } = decoded;
    const isOfMoney = spends.length > 0 || undecoded.length > 0 || maxFee !== null;
    const signing = { chain, address, at: Math.floor(askedAt.getTime() / 1_000), act: asked };
    return {
      ...{ askedAt, digest },
      signing: { ...signing, payload },
      asked: isOfMoney || method === 'key-elsewhere' ? signing : null,
      details: decodedActJson(decoded),
      trail: trailOf(decoded),
    };
  }

  /** If custody did not answer, the same call may be sent again. */
  async sign(caller: Principal, opened: OpenedAct, kind: SigningKind): Promise<SignedAct> {
    const { act, own, wanted } = opened;
    if (act.doneAt) throw embeddedWalletError('wallet.act_performed');
    const askedAt = plusSeconds(act.expiresAt, -ACT_SECONDS);
    const read = await this.read(caller, own, { ...wanted, kind }, { askedAt });
    const allowed = await this.database.transaction(async (tx) => {
      const locked = await this.acts.lock(tx, caller, opened, read);
      if (!locked.allowedAt) return this.acts.allow(tx, caller, locked, read);
      const now = this.clock.now();
      if (!mayRetry(locked, now)) throw embeddedWalletError('wallet.act_performed');
      await tx.update(WalletActEntity, { id: locked.id }, { attemptedAt: now });
      return { id: locked.id, consent: locked.consent?.id ?? null };
    });
    return this.signAllowed(own, allowed, read);
  }

  async signAllowed(
    { wallet: { id: walletId, provider, environment } }: OwnWallet,
    { id: actId, consent }: Pick<AllowedAct, 'id' | 'consent'>,
    read: ReadAct,
  ): Promise<SignedAct> {
    let ton: TonAccount | null = null;
    const sign = async (client: CustodyClient): Promise<Buffer> => {
      if (provider === 'ton') ton = tonAccountOf(environment, await client.describe(walletId));
      return client.sign({ callId: actId, walletId }, signingOf(read), consent);
    };
    const change = (to: Partial<Pick<WalletActEntity, 'attemptedAt' | 'doneAt'>>): Promise<unknown> =>
      this.database.transaction((tx) => tx.update(WalletActEntity, { id: actId, doneAt: IsNull() }, to));
    try {
      const signature = await this.custody.answer(sign);
      await change({ doneAt: this.clock.now() });
      return { actId, signature, details: read.details, ton };
    } catch (error) {
      await change({ attemptedAt: null });
      throw error;
    }
  }
}

function signingOf({ signing }: ReadAct): NonNullable<ReadAct['signing']> {
  if (!signing) throw new Error('the act has nothing to sign');
  return signing;
}

function mayRetry({ attemptedAt, doneAt, expiresAt }: WalletActEntity, now: Date): boolean {
  if (doneAt || plusSeconds(expiresAt, RETRY_SECONDS) <= now) return false;
  return attemptedAt === null || now.getTime() - attemptedAt.getTime() >= ATTEMPT_MS;
}

function tonAccountOf(environment: string, described: WalletDescription): TonAccount {
  return {
    publicKey: described.tonPublicKey,
    walletStateInit: tonStateInitOf(tonWalletIn(environment, described)),
  };
}

/** Signs for a caller with a token of another API. If custody does not answer, a client sends the call again. */
@Injectable()
export class CompatSigning {
  constructor(
    private readonly database: Database,
    private readonly access: WalletAccess,
    private readonly acts: WalletActs,
    private readonly signing: WalletSigning,
    private readonly metrics: ActMetrics,
  ) {}

  async sign(
    token: CompatToken,
    caller: Principal,
    walletId: string,
    wanted: ActInput & { readonly kind: SigningKind },
  ): Promise<SignedAct & { readonly payload: Buffer }> {
    const { kind } = wanted;
    return this.metrics.counted(kind, 'done', async () => {
      const own = await this.access.getEmbedded(caller, walletId);
      const read = await this.signing.read(caller, own, wanted, { by: 'compat' });
      const allowed = await this.database.transaction((tx) =>
        this.acts.storeCompat(tx, caller, { walletId, kind, token }, read, null),
      );
      const signed = await this.signing.signAllowed(own, allowed, read);
      return { ...signed, payload: signingOf(read).payload };
    });
  }
}
