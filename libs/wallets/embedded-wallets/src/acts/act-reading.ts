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
  type WalletActKind,
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

type Rule = (value: unknown) => boolean;

const isText: Rule = (value) => typeof value === 'string';
/** `decodeAct` reads it. */
const isAnything: Rule = () => true;
const isEncoding: Rule = (value) => value === 'text' || value === 'hex';

/** Who signs what, and the fields of its request, all of which are needed. */
const REQUESTS: Readonly<
  Record<
    Exclude<ActName, 'export'>,
    {
      readonly kind: WalletActKind;
      readonly provider: string;
      readonly fields: Readonly<Record<string, Rule>>;
    }
  >
> = {
  'sign-message': {
    kind: 'message',
    provider: 'ethereum',
    fields: { message: isText, encoding: isEncoding },
  },
  'sign-typed-data': { kind: 'typed-data', provider: 'ethereum', fields: { typedData: isAnything } },
  'sign-transaction': { kind: 'transaction', provider: 'ethereum', fields: { transaction: isAnything } },
  'ton-proof': { kind: 'ton-proof', provider: 'ton', fields: { domain: isText, payload: isText } },
  'ton-data': { kind: 'ton-data', provider: 'ton', fields: { domain: isText, data: isAnything } },
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
    const { kind, provider, fields } = REQUESTS[act];
    if (wallet.provider !== provider || !request || !hasExactly(request, fields))
      throw walletActError('wallet.act_malformed');
    const chain = this.chainOf(wallet, chainId);
    const decoded = decodeAct({ ...request, kind } as unknown as WalletAct, {
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
        // Without a method it is who gets the coin.
        ...(contract === null || method === null ? {} : { contract }),
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

function hasExactly(
  request: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Rule>>,
): boolean {
  const names = Object.keys(request);
  return (
    names.length === Object.keys(fields).length &&
    names.every((name) => Object.hasOwn(fields, name) && fields[name]?.(request[name]))
  );
}

/** As the setting has it: chain, contract and method. */
function readAllowedCall(text: string): AllowedCall {
  const [chain = '', contract = '', method = ''] = text.split('/');
  return { chain, contract, method };
}
