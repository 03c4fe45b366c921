import { Injectable } from '@nestjs/common';
import { Door, type DoorAnswer } from '../doors/door';
import { DoorStrategy } from '../doors/door.strategy';
import { InitDataSignIn } from '../doors/init-data-sign-in';
import { InitDataVerifier } from '../telegram/init-data-verifier';

/** Init data of an OpenWeb3 IM bot: Telegram's scheme without the signature of the platform. */
@Injectable()
export class OpenWeb3InitDataDoor extends Door<InitDataSignIn> {
  protected readonly bodyType = InitDataSignIn;

  constructor(private readonly verifier: InitDataVerifier) {
    super();
  }

  protected verify(body: InitDataSignIn): Promise<DoorAnswer> {
    return this.verifier.verify('openweb3', body);
  }
}

@Injectable()
export class OpenWeb3InitDataStrategy extends DoorStrategy(OpenWeb3InitDataDoor, 'openweb3-init-data') {}
