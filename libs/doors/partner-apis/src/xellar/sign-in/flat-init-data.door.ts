import { Injectable } from '@nestjs/common';
import { ApplicationsService, botError, BotTokens } from '@countersign/applications';
import {
  accepted,
  initDataError,
  profileOf,
  proofOfInitData,
  type Door,
  type VerifiedSignIn,
} from '@countersign/auth';
import { Clock } from '@countersign/runtime';
import { verifyFlatInitData } from '@countersign/proofs';

export interface FlatInitData {
  readonly applicationId: string;
  readonly botId: string;
  readonly initData: string;
}

/** Opens Xellar's `dataString`, which has the person in separate fields. Its key is that of init data. */
@Injectable()
export class FlatInitDataDoor implements Door<FlatInitData> {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly botTokens: BotTokens,
    private readonly clock: Clock,
  ) {}

  async open({ applicationId, botId, initData: raw }: FlatInitData): Promise<VerifiedSignIn> {
    const { application, bot } = await this.applications.getSignInTarget(applicationId, 'telegram', botId);
    if (bot.status === 'compromised') throw botError('bot.compromised');
    // Flat data have no signature, and the bot requires one.
    if (bot.signaturePolicy === 'required') throw initDataError('init_data.signature_missing');
    const now = this.clock.now();
    const maxAgeSeconds = application.settings.initDataMaxAge;
    const hmacKeys = this.botTokens.keysOf(bot, 'init-data', now);
    const verified = verifyFlatInitData(raw, { hmacKeys, now, maxAgeSeconds });
    if (!verified.ok) throw initDataError(verified.code);
    const proof = proofOfInitData({ ...bot, rowId: bot.id }, verified.value);
    return accepted({ application, proof: { ...proof, profile: profileOf(verified.value.initData.user) } });
  }
}

/** Whether the person is in separate fields. Telegram's init data has `user` instead. */
export function isFlat(initData: string): boolean {
  return !/(?:^|&)user=/.test(initData);
}
