import { Injectable } from '@nestjs/common';
import { AcceptedBots } from '@countersign/applications';
import { thirdPartyInitDataRefusals } from '@countersign/telegram';
import { type VerifiedSignIn, type PastedProof, signInCodes } from '../doors/door';
import { ThirdPartyInitDataSignIn, initDataDoor } from './telegram-init-data.strategy';
import { pastedBody, type BodyDoorDeclaration } from '../doors/proof-in-body';
import { BodyStrategy } from '../doors/strategy';
import { InitDataVerifier } from './init-data-verifier';

/** Init data of a Telegram bot that the application allows, by Telegram's own signature. */
@Injectable()
export class ThirdPartyInitDataStrategy extends BodyStrategy<ThirdPartyInitDataSignIn> {
  static readonly declaration: BodyDoorDeclaration = {
    ...initDataDoor,
    name: 'telegram-third-party-init-data',
    body: ThirdPartyInitDataSignIn,
    operation: {
      operationId: 'signInWithThirdPartyInitData',
      summary: 'Sign in with the init data of another party’s bot',
      description:
        'By Telegram’s Ed25519 signature alone, for bots that the operator allows the application.',
    },
    codes: [
      ...signInCodes,
      'bot.ambiguous',
      'bot.disabled',
      'bot.not_accepted',
      ...Object.keys(thirdPartyInitDataRefusals),
    ],
    metric: 'telegram_third_party_init_data',
  };

  constructor(
    private readonly verifier: InitDataVerifier,
    private readonly acceptedBots: AcceptedBots,
  ) {
    super();
  }

  fromPasted(pasted: PastedProof): object {
    return pastedBody(pasted, { initData: pasted.text });
  }

  protected async verify({
    applicationId,
    botId,
    initData,
  }: ThirdPartyInitDataSignIn): Promise<VerifiedSignIn> {
    const { application, environment } = await this.acceptedBots.get(applicationId, botId);
    const bot = { applicationId, botId, environment, rowId: null };
    const proof = this.verifier.verifySignature(bot, initData, application.settings.initDataMaxAge);
    const key = { provider: 'telegram', environment, botId } as const;
    return { proof, application, consume: (tx) => this.acceptedBots.assertListed(tx, applicationId, key) };
  }
}
