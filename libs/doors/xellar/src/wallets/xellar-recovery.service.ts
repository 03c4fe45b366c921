import { Injectable } from '@nestjs/common';
import { v4 as uuidv4 } from 'uuid';
import { StepUpRequests } from '@countersign/account';
import { Clock, MINUTE } from '@countersign/clock';
import { RecoverySecrets, WalletRecoveries } from '@countersign/embedded-wallets';
import { AppError } from '@countersign/errors';
import type { Principal } from '@countersign/sessions';
import type { XellarSecretResponse } from '../dto/account.dto';
import { UsedTokens } from '../tokens/used-tokens';
import { XellarTokens, type Refreshing } from '../tokens/xellar-tokens';
import { xellarError } from '../xellar.errors';

const LINK_MS = 5 * MINUTE;
export const FILE_PATH = '/api/v2/account/secret0';

type Act = 'wallet.make_recovery_secret' | 'wallet.recover';
type Granted = Pick<Refreshing, 'grant'>;

/**
 * The recovery secret of embedded wallets, for clients without a step-up: the login of a launch confirms the act, and its access
 * token has the grant.
 */
@Injectable()
export class XellarRecovery {
  constructor(
    private readonly secrets: RecoverySecrets,
    private readonly recoveries: WalletRecoveries,
    private readonly stepUps: StepUpRequests,
    private readonly tokens: XellarTokens,
    private readonly used: UsedTokens,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes the first recovery secret if the login confirmed it, or answers the link of a launch that does. It replaces none by such a link.
   * @param origin of this service
   * @throws AppError as `RecoverySecrets.make`
   */
  async secretFor(caller: Principal, granted: Granted, origin: string): Promise<XellarSecretResponse> {
    if (await this.secrets.isMade(caller.userId)) return {};
    const secret0 = await this.make(withGrant(caller, granted, 'wallet.make_recovery_secret'));
    if (secret0 === null) {
      const recoveryLink = await this.launchLink(caller, 'wallet.make_recovery_secret');
      return recoveryLink === null ? {} : { recoveryLink };
    }
    const until = this.clock.now().getTime() + LINK_MS;
    const sealed = this.tokens.seal('file', { tokenId: uuidv4(), secret: secret0, until });
    return { secret0, secret0Link: `${origin}${FILE_PATH}/${sealed}` };
  }

  /** `null` without a valid grant. */
  private async make(caller: Principal): Promise<string | null> {
    if (!caller.stepUpGrant) return null;
    try {
      return await this.secrets.make(caller);
    } catch (error) {
      if (isUngranted(error)) return null;
      throw error;
    }
  }

  /**
   * Moves the wallets, once the recovery is ready.
   * @throws AppError account.step_up_required with the link of a launch that confirms it, and as `WalletRecoveries.recover`
   */
  async recover(caller: Principal, granted: Granted, secret: string): Promise<void> {
    try {
      await this.recoveries.recover(withGrant(caller, granted, 'wallet.recover'), secret);
    } catch (error) {
      throw isUngranted(error) ? await this.withLink(caller, error) : error;
    }
  }

  /** The recovery file of a link, once. @throws AppError xellar.recovery_file_gone */
  async download(sealed: string): Promise<string> {
    const file = this.tokens.open('file', sealed);
    if (!file) throw xellarError('xellar.recovery_file_gone');
    try {
      await this.used.useAlone({ ...file, expiresAt: new Date(file.until) });
    } catch (error) {
      throw error instanceof AppError && error.code === 'xellar.token_used'
        ? xellarError('xellar.recovery_file_gone')
        : error;
    }
    return file.secret;
  }

  private async withLink(caller: Principal, error: AppError): Promise<AppError> {
    const message = await this.launchLink(caller, 'wallet.recover');
    if (message === null) return error;
    const detail = `The person has to confirm it: open ${message}, and send the file again with the access token of the login there.`;
    return new AppError(error.code, error.definition, { detail, members: { link: message } });
  }

  /** `null` where the application has no bot with a link, or the person asked too often. */
  private async launchLink(caller: Principal, act: Act): Promise<string | null> {
    try {
      const { links } = await this.stepUps.create(caller, act);
      const link = links.find(({ environment }) => environment === 'production') ?? links[0];
      return link?.url ?? null;
    } catch (error) {
      if (error instanceof AppError && error.code === 'request.rate_limited') return null;
      throw error;
    }
  }
}

function withGrant(caller: Principal, { grant }: Granted, act: Act): Principal {
  return { ...caller, stepUpGrant: grant?.act === act ? grant.grant : null };
}

function isUngranted(error: unknown): error is AppError {
  return (
    error instanceof AppError && ['account.step_up_required', 'account.grant_invalid'].includes(error.code)
  );
}
