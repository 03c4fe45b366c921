import { Injectable } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { ApplicationsService } from '@countersign/applications';
import { MayBeAbsent, readInput, requestError } from '@countersign/http';
import { authError } from './auth.errors';
import { Door, type DoorAnswer, type VerifiedSignIn } from './doors/door';
import { LoginWidgetSignIn } from './doors/login-widget-sign-in';
import { ExchangeDoor } from './exchange/exchange.door';
import { OpenWeb3InitDataDoor } from './openweb3/openweb3-init-data.door';
import { TelegramInitDataDoor, ThirdPartyInitDataDoor } from './telegram/init-data.door';
import { InitDataVerifier } from './telegram/init-data-verifier';
import { LoginWidgetDoor } from './telegram/login-widget.door';

/** The doors by the paths of their sign-in. */
export type DoorPath =
  | 'telegram/init-data'
  | 'telegram/third-party-init-data'
  | 'telegram/login-widget'
  | 'openweb3/init-data'
  | 'exchange';

/** The body of any sign-in that a page can make by itself; which one is told by the fields that are there. */
export class PresentedProof extends LoginWidgetSignIn {
  @ApiPropertyOptional({ description: 'Init data of any bot of the application, of any provider.' })
  @MayBeAbsent()
  @IsString()
  initData?: string;

  @ApiPropertyOptional({ description: 'The one-time code of a sign-in by redirect.', example: 'cs_rc_...' })
  @MayBeAbsent()
  @IsString()
  code?: string;

  @ApiPropertyOptional({ description: 'Goes with `code`.' })
  @MayBeAbsent()
  @IsString()
  codeVerifier?: string;
}

/** Init data of whichever bot of the application signed it. */
@Injectable()
export class AnyInitDataDoor extends Door<PresentedProof> {
  protected readonly bodyType = PresentedProof;

  constructor(
    private readonly applications: ApplicationsService,
    private readonly verifier: InitDataVerifier,
  ) {
    super();
  }

  protected async verify({ applicationId, initData = '', botId }: PresentedProof): Promise<DoorAnswer> {
    const application = await this.applications.getById(applicationId);
    const { initDataMaxAge } = application.settings;
    return {
      application,
      proof: await this.verifier.identify(applicationId, initData, initDataMaxAge, botId),
    };
  }
}

/** Proofs that are presented within a session, for acts that ask for one. */
@Injectable()
export class PresentedProofs {
  private readonly doors: Readonly<Record<DoorPath, Door>>;

  constructor(
    private readonly anyInitData: AnyInitDataDoor,
    initData: TelegramInitDataDoor,
    thirdParty: ThirdPartyInitDataDoor,
    widget: LoginWidgetDoor,
    openWeb3: OpenWeb3InitDataDoor,
    exchange: ExchangeDoor,
  ) {
    this.doors = {
      'telegram/init-data': initData,
      'telegram/third-party-init-data': thirdParty,
      'telegram/login-widget': widget,
      'openweb3/init-data': openWeb3,
      exchange,
    };
  }

  /**
   * Opens one door.
   * @param body of that door's sign-in; `applicationId` may be left out, since the session tells.
   * @throws AppError auth.application_mismatch, and whatever the door refuses
   */
  async openDoor(path: DoorPath, body: unknown, applicationId: string): Promise<VerifiedSignIn> {
    return this.doors[path].open(withApplication(body, applicationId));
  }

  /** Opens the door that the fields of the body are for: never one after another. */
  async open(body: unknown, applicationId: string): Promise<VerifiedSignIn> {
    const complete = withApplication(body, applicationId);
    const read = readInput(PresentedProof, complete);
    const kinds = [
      read.initData === undefined ? [] : [this.anyInitData],
      [read.data, read.query, read.tgAuthResult].every((form) => form === undefined)
        ? []
        : [this.doors['telegram/login-widget']],
      read.code === undefined ? [] : [this.doors.exchange],
    ].flat();
    const [door, another] = kinds;
    if (!door || another)
      throw requestError('request.invalid', {
        fields: [{ path: '', code: 'exactly_one', detail: 'must have the fields of exactly one sign-in' }],
      });
    return door.open(complete);
  }
}

function withApplication(body: unknown, applicationId: string): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const named: unknown = 'applicationId' in body ? body.applicationId : applicationId;
  if (typeof named === 'string' && named.toLowerCase() !== applicationId)
    throw authError('auth.application_mismatch');
  return { ...body, applicationId: named };
}
