import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { AllowedOrigins } from '@countersign/applications';
import { readInput } from '@countersign/http';
import { InitDataSignIn } from './dto/init-data-sign-in';
import { InitDataVerifier } from './init-data-verifier';
import type { VerifiedSignIn } from './sign-in.service';

/** Guards run before pipes, so the strategy validates its own input. */
@Injectable()
export class TelegramInitDataStrategy extends PassportStrategy(Strategy, 'telegram-init-data') {
  constructor(
    private readonly verifier: InitDataVerifier,
    private readonly origins: AllowedOrigins,
  ) {
    super();
  }

  async validate({ body, headers }: FastifyRequest): Promise<VerifiedSignIn> {
    const { applicationId, initData, botId, deviceName } = readInput(InitDataSignIn, body);
    const { proof, application } = await this.verifier.verify(applicationId.toLowerCase(), initData, botId);
    await this.origins.assertAllowed(application.id, headers.origin, headers.host);
    return { proof, application, deviceName: deviceName ?? null };
  }
}
