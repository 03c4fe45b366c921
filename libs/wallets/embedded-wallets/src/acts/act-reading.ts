import { Injectable } from '@nestjs/common';
import { Chains } from '@countersign/chains';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import type { OwnWallet } from '@countersign/linked-wallets';
import {
  decodeAct,
  decodedActJson,
  type AllowedCall,
  type DecodedAct,
  type WalletAct,
} from '@countersign/wallet-acts';
import { readChainId } from '@countersign/wallet-proofs';
import { walletActError } from '../embedded-wallets.errors';
import type { EmbeddedWalletSettings } from '../embedded-wallets.settings';
import type { ActDetails } from '../store/wallet-act-sealing';
import type { ActName } from './act-names';

/** An act as a call asks for it. */
export interface WantedAct {
  readonly act: ActName;
  /** CAIP-2. */
  readonly chainId?: string;
  readonly request?: Readonly<Record<string, unknown>>;
}

/** An act that may be asked for, and what it means. */
export interface ReadAct {
  /** Of exactly what is done. */
  readonly digest: Buffer;
  /** `null` for an export. */
  readonly signing: Pick<DecodedAct, 'signingKind' | 'payload'> | null;
  readonly details: ActDetails;
  /** What the audit trail says of it: no address of a person, and no text. */
  readonly trail: Readonly<Record<string, string>>;
}

const KINDS = {
  'sign-message': 'message',
  'sign-typed-data': 'typed-data',
  'sign-transaction': 'transaction',
  'ton-proof': 'ton-proof',
  'ton-data': 'ton-data',
} as const;
const PROVIDERS: Readonly<Record<Exclude<ActName, 'export'>, string>> = {
  'sign-message': 'ethereum',
  'sign-typed-data': 'ethereum',
  'sign-transaction': 'ethereum',
  'ton-proof': 'ton',
  'ton-data': 'ton',
};

/** Reads what a call wants an embedded wallet to do. */
@Injectable()
export class ActReading {
  constructor(private readonly chains: Chains) {}

  /**
   * @param issuedAt of the token, which `ton_proof` and `signData` state
   * @throws AppError wallet.act_malformed, wallet.chain_mismatch, and what `decodeAct` refuses
   */
  read(
    { wallet, address }: OwnWallet,
    { act, chainId, request }: WantedAct,
    { domains, allowedCalls }: EmbeddedWalletSettings,
    issuedAt: Date,
  ): ReadAct {
    if (act === 'export') {
      if (request !== undefined || chainId !== undefined) throw walletActError('wallet.act_malformed');
      const digest = sha256(lengthPrefixed([Buffer.from(act), Buffer.from(wallet.id)]));
      return { digest, signing: null, details: null, trail: {} };
    }
    if (wallet.provider !== PROVIDERS[act] || !request) throw walletActError('wallet.act_malformed');
    const chain = this.chainOf(wallet, chainId);
    const decoded = decodeAct({ ...request, kind: KINDS[act] } as unknown as WalletAct, {
      ...{ chain, address, domains, now: issuedAt },
      allowedCalls: allowedCalls.map(readAllowedCall),
    });
    if (!decoded.ok)
      throw walletActError(decoded.code, decoded.detail === undefined ? {} : { detail: decoded.detail });
    const { digest, method, contract, spends, undecoded } = decoded.value;
    return {
      digest,
      signing: decoded.value,
      details: decodedActJson(decoded.value),
      trail: {
        chain,
        ...(method === null ? {} : { method }),
        ...(contract === null ? {} : { contract }),
        spends: String(spends.length),
        undecoded: String(undecoded.length),
      },
    };
  }

  /** A wallet of a test environment signs for test networks, and others for others. */
  private chainOf({ provider, environment }: OwnWallet['wallet'], wanted: string | undefined): string {
    const isTest = environment === 'test';
    const own = isTest ? 'ton:-3' : 'ton:-239';
    const read = readChainId(wanted ?? (provider === 'ton' ? own : ''));
    const chain = read.ok ? read.value.id : null;
    const isRight =
      provider === 'ton'
        ? chain === own
        : chain?.startsWith('eip155:') && (this.chains.environmentOf(chain) === 'test') === isTest;
    if (chain === null || !isRight) throw walletActError('wallet.chain_mismatch');
    return chain;
  }
}

/** As the setting has it: chain, contract and method. */
function readAllowedCall(text: string): AllowedCall {
  const [chain = '', contract = '', method = ''] = text.split('/');
  return { chain, contract, method };
}
