import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { Strategy } from 'passport-custom';
import { AllowedOrigins } from '@countersign/applications';
import type { VerifiedSignIn } from '../doors/door';
import { RapidpaceVerifier } from './rapidpace-verifier';

type RapidpaceRequest = FastifyRequest<{ Params: { applicationId: string } }>;

/** The signed body of a registration call. Guards run before pipes: the body is read as it was received. */
@Injectable()
export class RapidpacePlayerStrategy extends PassportStrategy(Strategy, 'rapidpace-player') {
  constructor(
    private readonly verifier: RapidpaceVerifier,
    private readonly origins: AllowedOrigins,
  ) {
    super();
  }

  async validate({ params, headers, bodyText }: RapidpaceRequest): Promise<VerifiedSignIn> {
    const hmac = headers['x-urm-hmac'];
    const verified = await this.verifier.verifyPlayer(
      params.applicationId,
      bodyText ?? '',
      typeof hmac === 'string' ? hmac : undefined,
    );
    await this.origins.assertAllowed(verified.application.id, headers.origin);
    return verified;
  }
}

/** The query of a login link. The framework's own reading of it is of no use: the documented spelling is one single key. */
@Injectable()
export class RapidpaceLinkStrategy extends PassportStrategy(Strategy, 'rapidpace-link') {
  constructor(
    private readonly verifier: RapidpaceVerifier,
    private readonly origins: AllowedOrigins,
  ) {
    super();
  }

  async validate({ params, headers, url }: RapidpaceRequest): Promise<VerifiedSignIn> {
    const verified = await this.verifier.verifyLink(params.applicationId, rawQueryOf(url));
    await this.origins.assertAllowed(verified.application.id, headers.origin);
    return verified;
  }
}

function rawQueryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark === -1 ? '' : url.slice(mark + 1);
}
