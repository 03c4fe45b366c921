import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '@countersign/applications';
import type { VerifiedSignIn, PastedProof } from '../doors/door';
import { InitDataSignIn, initDataDoor } from '../telegram/telegram-init-data.strategy';
import { pastedBody, type BodyDoorDeclaration } from '../doors/proof-in-body';
import { BodyStrategy } from '../doors/strategy';
import { InitDataVerifier } from '../telegram/init-data-verifier';

/** Init data of an OpenWeb3 IM bot: Telegram's scheme without the signature of the platform. */
@Injectable()
export class OpenWeb3InitDataStrategy extends BodyStrategy<InitDataSignIn> {
  static readonly declaration: BodyDoorDeclaration = {
    ...initDataDoor,
    name: 'openweb3-init-data',
    operation: {
      operationId: 'signInWithOpenWeb3InitData',
      summary: 'Sign in with the init data of an OpenWeb3 Mini App',
      description:
        'Send the init data as it is. The hash is verified with an OpenWeb3 bot of the application.',
    },
    levels: { 'bot-token': 'POST /v1/auth/openweb3/init-data' },
    metric: 'openweb3_init_data',
  };

  constructor(
    private readonly applications: ApplicationsService,
    private readonly verifier: InitDataVerifier,
  ) {
    super();
  }

  protected async verify({ applicationId, initData, botId }: InitDataSignIn): Promise<VerifiedSignIn> {
    const { application, bot } = await this.applications.getSignInTarget(applicationId, 'openweb3', botId);
    return { application, proof: this.verifier.verify(bot, initData, application.settings.initDataMaxAge) };
  }

  fromPasted(pasted: PastedProof): object {
    return pastedBody(pasted, { initData: pasted.text });
  }
}
