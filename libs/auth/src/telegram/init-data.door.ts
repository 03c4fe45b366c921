import { Injectable } from '@nestjs/common';
import { AcceptedBots } from '@countersign/applications';
import { Door, type DoorAnswer } from '../doors/door';
import { DoorStrategy } from '../doors/door.strategy';
import { InitDataSignIn, ThirdPartyInitDataSignIn } from '../doors/init-data-sign-in';
import { InitDataVerifier } from './init-data-verifier';

/** Init data of the application's own Telegram bot. */
@Injectable()
export class TelegramInitDataDoor extends Door<InitDataSignIn> {
  protected readonly bodyType = InitDataSignIn;

  constructor(private readonly verifier: InitDataVerifier) {
    super();
  }

  protected verify(body: InitDataSignIn): Promise<DoorAnswer> {
    return this.verifier.verify('telegram', body);
  }
}

/** Init data of a Telegram bot that the application allows, by Telegram's own signature. */
@Injectable()
export class ThirdPartyInitDataDoor extends Door<ThirdPartyInitDataSignIn> {
  protected readonly bodyType = ThirdPartyInitDataSignIn;

  constructor(
    private readonly accepted: AcceptedBots,
    private readonly verifier: InitDataVerifier,
  ) {
    super();
  }

  protected async verify({ applicationId, botId, initData }: ThirdPartyInitDataSignIn): Promise<DoorAnswer> {
    const { application, environment } = await this.accepted.get(applicationId, botId);
    const bot = { applicationId, botId, environment, rowId: null };
    const proof = this.verifier.verifySignature(bot, initData, application.settings.initDataMaxAge);
    const key = { provider: 'telegram', environment, botId } as const;
    return { proof, application, spend: (tx) => this.accepted.assertListed(tx, applicationId, key) };
  }
}

@Injectable()
export class TelegramInitDataStrategy extends DoorStrategy(TelegramInitDataDoor, 'telegram-init-data') {}

@Injectable()
export class ThirdPartyInitDataStrategy extends DoorStrategy(
  ThirdPartyInitDataDoor,
  'telegram-third-party-init-data',
) {}
