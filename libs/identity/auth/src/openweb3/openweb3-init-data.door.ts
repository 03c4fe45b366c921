import { Injectable } from '@nestjs/common';
import type { BodyDoorDeclaration } from '../doors/body-door';
import type { DoorAnswer } from '../doors/door';
import type { InitDataSignIn } from '../doors/init-data-sign-in';
import { InitDataDoor, initDataDoor } from '../telegram/init-data.door';

/** Init data of an OpenWeb3 IM bot: Telegram's scheme without the signature of the platform. */
@Injectable()
export class OpenWeb3InitDataDoor extends InitDataDoor {
  static readonly declaration: BodyDoorDeclaration = {
    ...initDataDoor,
    path: 'openweb3/init-data',
    operation: {
      operationId: 'signInWithOpenWeb3InitData',
      summary: 'Sign in with the init data of an OpenWeb3 Mini App',
      description:
        'Send the init data as it is. The hash is verified with an OpenWeb3 bot of the application.',
    },
    reaches: { 'bot-token': 'POST /v1/auth/openweb3/init-data' },
    metric: 'openweb3_init_data',
  };

  protected verifyBody(body: InitDataSignIn): Promise<DoorAnswer> {
    return this.verifier.verify('openweb3', body);
  }
}
