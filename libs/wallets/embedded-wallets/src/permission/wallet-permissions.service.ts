import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Grants, StepUpService } from '@countersign/account';
import { ApplicationsService, type Application } from '@countersign/applications';
import { PERMISSION_PATH } from '@countersign/auth';
import { Clock, MINUTE } from '@countersign/clock';
import {
  deriveMacKey,
  equalsConstantTime,
  KeyRing,
  lengthPrefixed,
  openUnder,
  sealUnder,
  sha256,
  unlessSealed,
} from '@countersign/crypto';
import { Database } from '@countersign/database';
import { toWalletResponse } from '@countersign/linked-wallets';
import { endOf, lastProofOf, SessionsService, toPrincipal, type Principal } from '@countersign/sessions';
import { decodeBase64url } from '@countersign/text';
import { embeddedWalletActs } from '../acts/acts';
import { embeddedWalletError } from '../embedded-wallets.errors';
import { EmbeddedWallets } from '../own/embedded-wallets.service';

const LIFETIME_MS = 10 * MINUTE;
const CONTEXT = 'countersign/wallet-permission/v1';
const REQUEST = /^wp_([a-z0-9]{1,32})_([A-Za-z0-9_-]{1,400})$/;

/** The sealed content of a link. */
interface AskedPermission {
  /** The id of the only grant that a login by this link can bring. */
  readonly grantId: string;
  readonly sessionId: string;
  readonly walletId: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** A valid link, with the session, application and wallet that it names. */
interface Asked extends AskedPermission {
  readonly caller: Principal;
  readonly application: Application;
  readonly address: string;
  readonly isGranted: boolean;
}

/** The question to the person. */
export interface Confirmation extends Pick<Asked, 'application' | 'address'> {
  /** For the cookie of the browser that logged in. */
  readonly grant: string;
  /** For the form beside it. */
  readonly confirmation: string;
}

/** The form of the page. */
export interface Decision {
  readonly request: string;
  readonly confirmation: string;
  readonly isAllowed: boolean;
}

/**
 * The permission of an application to use the EVM wallet, given by its person on a page of this service. The link proves nothing: the
 * person logs in with Telegram from the page, in the browser that confirms.
 */
@Injectable()
export class WalletPermissions {
  constructor(
    private readonly wallets: EmbeddedWallets,
    private readonly stepUps: StepUpService,
    private readonly grants: Grants,
    private readonly sessions: SessionsService,
    private readonly applications: ApplicationsService,
    private readonly database: Database,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** A link for one decision within ten minutes; `null` if the application has no such page. */
  async linkFor({ sessionId, applicationId }: Principal, walletId: string): Promise<string | null> {
    const page = permissionPageOf(await this.applications.getById(applicationId));
    if (page === null) return null;
    const until = this.clock.now().getTime() + LIFETIME_MS;
    const asked: AskedPermission = { grantId: uuidv7(), sessionId, walletId, until };
    const key = this.keyRing.active('token');
    const secret = deriveMacKey(key, CONTEXT).secret.export();
    const sealed = sealUnder(secret, CONTEXT, Buffer.from(JSON.stringify(asked)), key.id);
    return `${page}?request=wp_${key.id}_${sealed.toString('base64url')}`;
  }

  /** @throws AppError wallet.permission_invalid, wallet.embedded_off */
  async asked(request: string): Promise<Asked> {
    const link = this.open(request);
    const session =
      link && (await this.database.read((manager) => this.sessions.findById(manager, link.sessionId)));
    const caller =
      session && !endOf(session, this.clock.now())
        ? toPrincipal({ ...session, authenticatedAt: lastProofOf(session) })
        : null;
    const found = caller && (await this.wallets.find(caller, 'evm'));
    const wallet = found && toWalletResponse(found.wallet);
    if (!link || !caller || wallet?.walletId !== link.walletId)
      throw embeddedWalletError('wallet.permission_invalid');
    await this.wallets.settingsOf(caller.applicationId);
    const application = await this.applications.getById(caller.applicationId);
    return { ...link, caller, application, address: wallet.address, isGranted: found?.isGranted === true };
  }

  /** @returns the URL of the login, and the secret for the cookie of this browser. @throws AppError as `asked` */
  async beginLogin(request: string): Promise<{ readonly location: string; readonly secret: string }> {
    const { application } = await this.asked(request);
    const secret = randomBytes(32).toString('base64url');
    const parameters = new URLSearchParams({
      applicationId: application.id,
      redirectUri: permissionPageOf(application) ?? '',
      state: request,
      codeChallenge: createHash('sha256').update(verifierOf(secret, request)).digest('base64url'),
      codeChallengeMethod: 'S256',
    });
    return { location: `/v1/auth/telegram/oidc/start?${parameters.toString()}`, secret };
  }

  /**
   * Redeems the login, which has to be by the same person. Nothing is granted yet.
   * @throws AppError as `asked` and `StepUpService.grantFor`
   */
  async confirm(request: string, code: string, secret: string | null): Promise<Confirmation> {
    const { caller, application, address, grantId } = await this.asked(request);
    if (secret === null) throw embeddedWalletError('wallet.permission_invalid');
    const login = { code, codeVerifier: verifierOf(secret, request) };
    const named = { act: embeddedWalletActs['wallet.grant'], id: grantId };
    const grant = await this.stepUps.grantFor(caller, login, named);
    return { application, address, grant, confirmation: confirmationOf(grant, request) };
  }

  /**
   * Gives the permission, or uses up the grant without it.
   * @param grant of the cookie
   * @throws AppError as `asked` and `EmbeddedWallets.allow`
   */
  async decide(
    { request, confirmation, isAllowed }: Decision,
    grant: string | null,
  ): Promise<Pick<Asked, 'application'>> {
    const { caller, application, walletId } = await this.asked(request);
    if (grant === null || !isEqual(confirmation, confirmationOf(grant, request)))
      throw embeddedWalletError('wallet.permission_invalid');
    const deciding = { ...caller, stepUpGrant: grant };
    const granted = { act: embeddedWalletActs['wallet.grant'] };
    if (isAllowed) await this.wallets.allow(deciding, walletId);
    else await this.database.transaction((tx) => this.grants.redeem(tx, deciding, granted));
    return { application };
  }

  /** `null` for anything that was not sealed here, or has expired. */
  private open(request: string): AskedPermission | null {
    const [, keyId = '', text = ''] = REQUEST.exec(request) ?? [];
    const key = this.keyRing.find('token', keyId);
    const sealed = decodeBase64url(text);
    if (!key || !sealed) return null;
    const secret = deriveMacKey(key, CONTEXT).secret.export();
    const opened = unlessSealed(() => openUnder(secret, CONTEXT, sealed, key.id));
    const asked = opened && (JSON.parse(opened.toString()) as AskedPermission);
    return asked && asked.until > this.clock.now().getTime() ? asked : null;
  }
}

/** The URL of the page, if the application has it in `redirectUrls`; otherwise `null`. */
export function permissionPageOf({ settings }: Application): string | null {
  return settings.redirectUrls.find((url) => url === new URL(url).origin + PERMISSION_PATH) ?? null;
}

/** Binds the login to the link and to the browser where it began. */
function verifierOf(secret: string, request: string): string {
  return digestOf('login', secret, request);
}

/** A CSRF token: another site can neither read nor compute it. */
function confirmationOf(grant: string, request: string): string {
  return digestOf('confirmation', grant, request);
}

function digestOf(use: string, ...values: readonly string[]): string {
  return sha256(lengthPrefixed([`${CONTEXT}/${use}`, ...values])).toString('base64url');
}

function isEqual(one: string, other: string): boolean {
  return equalsConstantTime(Buffer.from(one), Buffer.from(other));
}
