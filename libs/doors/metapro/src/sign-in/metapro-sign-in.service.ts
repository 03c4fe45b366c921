import type { FastifyRequest } from 'fastify';
import { Injectable } from '@nestjs/common';
import { carriesCode } from '@countersign/account';
import { ApplicationsService } from '@countersign/applications';
import {
  DoorChecks,
  SignInService,
  TelegramInitDataDoor,
  type Door,
  type VerifiedSignIn,
} from '@countersign/auth';
import { codeInStartParam } from '@countersign/referrals';
import { RequestAuthenticator, type DoorName } from '@countersign/sessions';
import { DAY, SECOND } from '@countersign/clock';
import { invalidField } from '@countersign/http';
import { walletError } from '@countersign/linked-wallets';
import { readEvmAddress, type EvmAddress } from '@countersign/wallet-proofs';
import type {
  MetaproLegacyLoginRequest,
  MetaproTelegramLoginRequest,
  MetaproWalletLoginRequest,
} from '../dto/login.requests';
import type { MetaproLoginResponse } from '../dto/user.responses';
import { metaproError } from '../metapro.errors';
import { MetaproProjects } from '../metapro-projects';
import { MetaproTokens } from '../session/metapro.guard';
import { OwnUser } from '../users/own-user.service';
import { MetaproWalletDoor } from './metapro-wallet.door';

/** Header values, of which a repeated one arrives as a list or joined. */
type HeaderText = string | string[] | undefined;

export function readWallet(text: HeaderText): EvmAddress {
  // Of any case: a client that does not lower it means no other address.
  const read = typeof text === 'string' ? readEvmAddress(text.toLowerCase()) : null;
  if (!read?.ok) throw walletError('wallet.address_invalid');
  return read.value;
}

/** The header and the body name one address. */
export function readSameWallet(header: HeaderText, body: string): EvmAddress {
  const wallet = readWallet(body);
  if (readWallet(header) !== wallet) throw metaproError('metapro.wallet_differs');
  return wallet;
}

export function readHash(header: HeaderText): string {
  if (typeof header === 'string' && /^[\w-]{16,128}$/.test(header)) return header;
  const detail = 'must be the hash that the wallet signed';
  throw invalidField('x-account-login-hash', 'required', detail);
}

const DAY_SECONDS = DAY / SECOND;
/** Sessions of this API end after a day, since their clients have no refresh token. */
const SESSION = {
  /** A public client polls `me` every 240 seconds: its token outlives two late polls. */
  accessIdle: 900,
  ...{ accessAbsolute: DAY_SECONDS, refreshIdle: DAY_SECONDS, absolute: DAY_SECONDS },
};

@Injectable()
export class MetaproSignIn {
  constructor(
    private readonly projects: MetaproProjects,
    private readonly applications: ApplicationsService,
    private readonly checks: DoorChecks,
    private readonly telegramDoor: TelegramInitDataDoor,
    private readonly walletDoor: MetaproWalletDoor,
    private readonly signIns: SignInService,
    private readonly requests: RequestAuthenticator,
    private readonly tokens: MetaproTokens,
    private readonly own: OwnUser,
  ) {}

  async byTelegram(
    body: MetaproTelegramLoginRequest,
    request: FastifyRequest,
  ): Promise<MetaproLoginResponse> {
    const application = await this.projects.get(body.projectId);
    const bot = await this.applications.findBotNamed(application.id, body.telegramBotName);
    if (!bot) throw metaproError('metapro.bot_not_found');
    const { botId } = bot;
    const presented = { applicationId: application.id, initData: body.telegramSimpleString, botId };
    const verified = await this.verify(this.telegramDoor, presented, request);
    const { id } = body.telegramSimpleData ?? {};
    const isNamed = typeof id === 'string' || typeof id === 'number';
    if ((id !== undefined && !isNamed) || (isNamed && String(id) !== verified.proof.subject))
      throw metaproError('metapro.person_differs');
    if (carriesCode(verified.proof.startParam)) throw metaproError('metapro.code_of_another_api');
    return this.openSession(verified, 'metapro-telegram');
  }

  async byWallet(
    body: MetaproLegacyLoginRequest & Pick<MetaproWalletLoginRequest, 'rulesChecked'>,
    asksForRules: boolean,
    request: FastifyRequest,
  ): Promise<MetaproLoginResponse> {
    const { headers } = request;
    const wallet = readSameWallet(headers['x-account-wallet'], body.wallet);
    const hash = readHash(headers['x-account-login-hash']);
    const application = await this.projects.get(body.projectId);
    const presented = {
      application,
      wallet,
      hash,
      signature: body.signature,
      rulesChecked: asksForRules ? body.rulesChecked === true : null,
      // Clients may send the start parameter of a link, which has a prefix.
      referralCode: codeInStartParam(body.referralCode ?? null) ?? body.referralCode ?? null,
    };
    const door: Door<typeof presented> = { open: (wanted) => this.walletDoor.openSignIn(wanted) };
    return this.openSession(await this.verify(door, presented, request), 'metapro-wallet');
  }

  private async verify<Presented>(
    door: Door<Presented>,
    presented: Presented,
    request: FastifyRequest,
  ): Promise<VerifiedSignIn> {
    const { origin, dpop } = request.headers;
    if (dpop !== undefined) throw metaproError('metapro.device_key_refused');
    return this.checks.check(await door.open(presented), origin, this.requests.shownBy(request));
  }

  private async openSession(verified: VerifiedSignIn, door: DoorName): Promise<MetaproLoginResponse> {
    const { application, proof } = verified;
    const settings = { ...application.settings, session: SESSION };
    const signIn = { ...verified, application: { ...application, settings }, proof: { ...proof, door } };
    await this.checks.count(signIn);
    const { answer, principal } = await this.signIns.open(signIn);
    const account = await this.own.describe(principal);
    return { account, token: { accessToken: this.tokens.seal(answer.accessToken), tokenType: 'raw' } };
  }
}
