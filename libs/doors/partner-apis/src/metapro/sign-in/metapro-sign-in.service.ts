import type { FastifyRequest } from 'fastify';
import { Injectable } from '@nestjs/common';
import { carriesCode } from '@countersign/account';
import { ApplicationsService } from '@countersign/applications';
import { DoorChecks, SignInService, TelegramInitDataDoor, type VerifiedSignIn } from '@countersign/auth';
import { codeInStartParam } from '@countersign/referrals';
import { RequestAuthenticator, type LoginMethod, sessionSettings } from '@countersign/sessions';
import { DAY, SECOND } from '@countersign/runtime';
import { invalidField, readKnown } from '@countersign/http';
import { walletError } from '@countersign/linked-wallets';
import { readEvmAddress, type EvmAddress } from '@countersign/wallet-proofs';
import {
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
import { metaproMethods } from '../metapro.feature';

/** A header value. A repeated header arrives as a list or as joined text. */
type HeaderText = string | string[] | undefined;

export function readWallet(text: HeaderText): EvmAddress {
  // Clients may send the address in any case.
  const read = typeof text === 'string' ? readEvmAddress(text.toLowerCase()) : null;
  if (!read?.ok) throw walletError('wallet.address_invalid');
  return read.value;
}

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
/** Sessions of this API end after a day, because their clients have no refresh token. */
const SESSION = {
  /** A public client polls `me` every 240 seconds, so its token survives two late polls. */
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

  async verifyTelegram(request: FastifyRequest): Promise<VerifiedSignIn> {
    const body = readKnown(MetaproTelegramLoginRequest, request.body);
    const { id: applicationId } = await this.projects.get(body.projectId);
    const bot = await this.applications.findBotNamed(applicationId, body.telegramBotName);
    if (!bot) throw metaproError('metapro.bot_not_found');
    const presented = { applicationId, initData: body.telegramSimpleString, botId: bot.botId };
    const verified = await this.telegramDoor.open(presented);
    const { id } = body.telegramSimpleData ?? {};
    const isNamed = typeof id === 'string' || typeof id === 'number';
    if ((id !== undefined && !isNamed) || (isNamed && String(id) !== verified.proof.subject))
      throw metaproError('metapro.person_differs');
    if (carriesCode(verified.proof.startParam)) throw metaproError('metapro.code_of_another_api');
    return this.check(verified, metaproMethods.telegram, request);
  }

  async verifyWallet(request: FastifyRequest): Promise<VerifiedSignIn> {
    const body = readKnown(MetaproWalletLoginRequest, request.body);
    return this.verifySigned(body, body.rulesChecked === true, request);
  }

  /** The old path has no field for the rules. */
  async verifyLegacyWallet(request: FastifyRequest): Promise<VerifiedSignIn> {
    return this.verifySigned(readKnown(MetaproLegacyLoginRequest, request.body), null, request);
  }

  async openSession(verified: VerifiedSignIn): Promise<MetaproLoginResponse> {
    await this.checks.count(verified);
    const { answer, principal } = await this.signIns.open(verified);
    const account = await this.own.describe(principal);
    return { account, token: { accessToken: this.tokens.seal(answer.accessToken), tokenType: 'raw' } };
  }

  private async verifySigned(
    { wallet: named, signature, projectId, referralCode }: MetaproLegacyLoginRequest,
    rulesChecked: boolean | null,
    request: FastifyRequest,
  ): Promise<VerifiedSignIn> {
    const wallet = readSameWallet(request.headers['x-account-wallet'], named);
    const hash = readHash(request.headers['x-account-login-hash']);
    const verified = await this.walletDoor.openSignIn({
      application: await this.projects.get(projectId),
      wallet,
      hash,
      signature,
      rulesChecked,
      // Clients may send the start parameter of a link, which contains a prefix.
      referralCode: codeInStartParam(referralCode ?? null) ?? referralCode ?? null,
    });
    return this.check(verified, metaproMethods.wallet, request);
  }

  private async check(
    verified: VerifiedSignIn,
    door: LoginMethod,
    request: FastifyRequest,
  ): Promise<VerifiedSignIn> {
    const { origin, dpop } = request.headers;
    if (dpop !== undefined) throw metaproError('metapro.device_key_refused');
    const checked = await this.checks.check(verified, origin, this.requests.shownBy(request));
    const { application, proof } = checked;
    const settings = sessionSettings.replacedIn(application.settings, SESSION);
    return { ...checked, application: { ...application, settings }, proof: { ...proof, door } };
  }
}
