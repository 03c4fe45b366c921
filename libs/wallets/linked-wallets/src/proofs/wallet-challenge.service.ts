import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Presentation, type ProofPurpose, SIGN_IN } from '@countersign/auth';
import { AllowedOrigins, ApplicationsService, type Application } from '@countersign/applications';
import { Clock, Configuration } from '@countersign/runtime';
import type { Result } from '@countersign/text';
import { requestError, toResponse } from '@countersign/http';
import type { Principal } from '@countersign/sessions';
import {
  metaproMessage,
  readChainId,
  readEvmAddress,
  readTonAddress,
  showEvmAddress,
  showTonAddress,
  siweMessage,
  type EvmAddress,
  type WalletAddressRefusal,
} from '@countersign/wallet-proofs';
import { assertAccepted } from './proven-wallet';
import {
  WalletChallengeResponse,
  type SignInChallengeRequest,
  type WalletChallengeRequest,
  type WalletOfChallenge,
} from './dto/wallet-challenge.dto';
import { expiryOf, WalletChallenges, type WalletChallenge } from './wallet-challenges';
import { walletError } from '../wallets.errors';

const NONCE_BYTES = 16;

/** The length of the hashes that Metapro issues, because clients may expect it. */
const METAPRO_HASH_LENGTH = 50;

const statements: Readonly<Record<ProofPurpose, string>> = {
  'sign-in': 'Sign in with this wallet.',
  link: 'Link this wallet to the account that is signed in.',
  'step-up': 'Confirm with this wallet an act on the account that is signed in.',
  merge: 'Merge the account of this wallet into the account that is signed in.',
};

type Target = Pick<WalletChallenge, 'address' | 'chainId'> & { readonly shownAddress: string | null };

@Injectable()
export class WalletChallengeService {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly origins: AllowedOrigins,
    private readonly challenges: WalletChallenges,
    private readonly clock: Clock,
    private readonly configuration: Configuration,
  ) {}

  /** @param origin the `Origin` header */
  async askForSignIn(
    { applicationId, ...wanted }: SignInChallengeRequest,
    origin: string | undefined,
  ): Promise<WalletChallengeResponse> {
    const application = await this.applications.getById(applicationId.toLowerCase());
    return this.ask(application, wanted, SIGN_IN, origin);
  }

  async askFor(
    { userId, applicationId }: Principal,
    { purpose = 'link', ...wanted }: WalletChallengeRequest,
    origin: string | undefined,
  ): Promise<WalletChallengeResponse> {
    const application = await this.applications.getById(applicationId);
    return this.ask(application, wanted, { purpose, userId }, origin);
  }

  /** For a page of this service that merges an EVM wallet's account into a person's account. */
  async askToMerge(
    { userId, applicationId }: Pick<Principal, 'userId' | 'applicationId'>,
    address: string,
  ): Promise<WalletChallengeResponse> {
    const application = await this.applications.getById(applicationId);
    const site = new URL(this.configuration.issuer);
    return this.ask(application, { kind: 'siwe', address }, { purpose: 'merge', userId }, undefined, site);
  }

  private async ask(
    application: Application,
    wanted: WalletOfChallenge,
    { purpose, userId }: Presentation,
    origin: string | undefined,
    ownSite?: URL,
  ): Promise<WalletChallengeResponse> {
    await this.origins.assertAllowed(application.id, origin);
    const { kind } = wanted;
    assertAccepted(application, kind);
    const { shownAddress, ...target } = targetOf(wanted);
    const site = ownSite ?? (kind === 'metapro' ? null : siteOf(application, wanted.origin, origin));
    const issuedAt = this.clock.now();
    const { address, chainId } = target;
    const text = textOf({ kind, purpose, address, chainId, site, issuedAt });
    const domain = site?.host ?? null;
    const challenge = { kind, purpose, userId, address, chainId, domain, text, issuedAt };
    const { challengeId, expiresAt } = await this.challenges.issue(application.id, challenge);
    const isOfTon = kind === 'ton-proof';
    return toResponse(WalletChallengeResponse, {
      ...challenge,
      challengeId,
      address: shownAddress,
      message: isOfTon ? null : text,
      payload: isOfTon ? text : null,
      expiresAt,
    });
  }
}

function targetOf({ kind, address, chainId }: WalletOfChallenge): Target {
  if (kind === 'ton-proof') return tonTargetOf(address, chainId);
  if (address !== undefined) return evmTargetOf(address, chainId);
  throw walletError('wallet.address_invalid', { detail: 'A challenge of this kind names an address.' });
}

function evmTargetOf(text: string, chainId = 'eip155:1'): Target {
  const chain = valueOf(readChainId(chainId));
  if (chain.namespace !== 'eip155') throw walletError('wallet.chain_invalid');
  const address = valueOf(readEvmAddress(text));
  return { address, chainId: chain.id, shownAddress: showEvmAddress(address) };
}

function tonTargetOf(text: string | undefined, chainId = 'ton:-239'): Target {
  const chain = valueOf(readChainId(chainId));
  if (chain.namespace !== 'ton') throw walletError('wallet.chain_invalid');
  if (text === undefined) return { address: null, chainId: chain.id, shownAddress: null };
  const address = valueOf(readTonAddress(text));
  const isTest = chain.network === '-3';
  // A test-only address belongs to no main network. Without that mark, an address belongs to both.
  if (address.isTest === true && !isTest) throw walletError('wallet.address_invalid');
  return { address: address.raw, chainId: chain.id, shownAddress: showTonAddress(address.raw, { isTest }) };
}

function valueOf<T>(result: Result<T, WalletAddressRefusal>): T {
  if (!result.ok) throw walletError(result.code);
  return result.value;
}

/** Takes only an origin of the application, so that no foreign page gets a signature without a warning. */
function siteOf({ settings }: Application, wanted: string | undefined, header: string | undefined): URL {
  const { origins } = settings;
  if (wanted !== undefined && !origins.includes(wanted)) throw requestError('request.origin_not_allowed');
  const origin = wanted ?? header ?? origins[0];
  if (origin === undefined) throw walletError('wallet.origin_required');
  return new URL(origin);
}

interface Wording extends Pick<WalletChallenge, 'kind' | 'purpose' | 'address' | 'chainId' | 'issuedAt'> {
  readonly site: URL | null;
}

function textOf({ kind, purpose, address: text, chainId, site, issuedAt }: Wording): string {
  const address = text as EvmAddress;
  if (kind === 'metapro') return metaproMessage({ address, hash: metaproHash() });
  const nonce = randomBytes(NONCE_BYTES).toString('hex');
  if (kind === 'ton-proof') return nonce;
  if (site === null) throw new Error('a message of EIP-4361 names a site');
  return siweMessage({
    domain: site.host,
    address,
    uri: site.origin,
    chainId: Number(chainId.slice('eip155:'.length)),
    nonce,
    issuedAt,
    expirationTime: expiryOf(issuedAt),
    statement: statements[purpose],
  });
}

function metaproHash(): string {
  return randomBytes(METAPRO_HASH_LENGTH).toString('base64url').slice(0, METAPRO_HASH_LENGTH);
}
