import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ApplicationsService, type Application } from '@countersign/applications';
import { sha256 } from '@countersign/crypto';
import { extensionPoint } from '@countersign/runtime';
import type { Principal } from '@countersign/sessions';
import { DoorChecks } from '../doors/sign-in-route';
import type { Door, VerifiedSignIn } from '../doors/door';
import { RedirectCodeDoor } from '../exchange/redirect-code.door';
import { OidcSignInService, type OidcRedirect } from '../oidc/oidc-sign-in.service';
import { SignInService } from './sign-in.service';

interface DoorOfPages extends Door {
  isOpenTo(application: Application): boolean;
}

/** The door of wallets, which a page of this service opens by a script, for a button `wallet`. */
export const OpensOnPages = extensionPoint<DoorOfPages, { readonly script: string }>();

export interface SignInPage {
  readonly applicationId: string;
  /** Log In With Telegram ends at this URL. */
  readonly url: string;
  /** The browser's code verifier of PKCE (RFC 7636). */
  readonly secret: string;
  readonly deviceName: string;
}

/** Signs people in on pages of this service. The sessions are like all others, and no token leaves the service. */
@Injectable()
export class PageSignIns {
  private readonly doors;

  constructor(
    private readonly applications: ApplicationsService,
    private readonly telegram: OidcSignInService,
    private readonly codes: RedirectCodeDoor,
    private readonly checks: DoorChecks,
    private readonly signIns: SignInService,
    discovery: DiscoveryService,
  ) {
    this.doors = OpensOnPages.in(discovery);
  }

  /** The script of the button `wallet`; undefined without wallets. */
  get walletScript(): string | undefined {
    return this.doors.declared[0]?.declaration.script;
  }

  /** `telegram` is true if one bot of the application has Web Login. */
  async waysOf(applicationId: string): Promise<{ readonly telegram: boolean; readonly wallet: Door | null }> {
    const application = await this.applications.getById(applicationId);
    const telegram = await this.applications.getOidcTarget(applicationId, undefined).catch(() => null);
    return { telegram: telegram !== null, wallet: this.doorOf(application) ?? null };
  }

  startTelegram(
    { applicationId, url: redirectUri, secret }: SignInPage,
    host: string | undefined,
  ): Promise<OidcRedirect> {
    const codeChallenge = sha256(secret).toString('base64url');
    const query = { applicationId, redirectUri, codeChallenge, codeChallengeMethod: 'S256' } as const;
    return this.telegram.start(query, host, true);
  }

  /** @param code our own code at the end of Telegram's login */
  async byTelegram({ applicationId, deviceName, secret }: SignInPage, code: string): Promise<Principal> {
    return this.open(await this.codes.open({ applicationId, deviceName, code, codeVerifier: secret }));
  }

  /**
   * @param answer the wallet's answer to a challenge for the host of this page; answers for other hosts open nothing
   * @returns `null` if the application takes none
   */
  async byWallet({ applicationId, deviceName, url }: SignInPage, answer: object): Promise<Principal | null> {
    const door = this.doorOf(await this.applications.getById(applicationId));
    const verified = await door?.open({ ...answer, applicationId, deviceName });
    return verified?.proof.site === new URL(url).host ? this.open(verified) : null;
  }

  private doorOf(application: Application): Door | undefined {
    return this.doors.all.find((door) => door.isOpenTo(application));
  }

  private async open(verified: VerifiedSignIn): Promise<Principal> {
    await this.checks.count(verified);
    return (await this.signIns.open(verified)).principal;
  }
}
