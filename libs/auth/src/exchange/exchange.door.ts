import { Injectable } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';
import { ApplicationsService } from '@countersign/applications';
import { MayBeAbsent } from '@countersign/http';
import { Door, type DoorAnswer } from '../doors/door';
import { DoorStrategy } from '../doors/door.strategy';
import { SignInRequest } from '../doors/sign-in-request';
import { RedirectCodes } from './redirect-codes';

export class ExchangeRequest extends SignInRequest {
  @ApiProperty({ description: 'The one-time code of a redirect, good for 60 seconds.', example: 'cs_rc_...' })
  @IsString()
  @MaxLength(128)
  code: string;

  @ApiPropertyOptional({
    description: 'Of PKCE (RFC 7636), when the sign-in began with a code challenge.',
    example: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  })
  @MayBeAbsent()
  @Matches(/^[A-Za-z0-9._~-]{43,128}$/, { message: 'must be a code verifier of RFC 7636' })
  codeVerifier?: string;
}

/** The end of every sign-in by redirect. */
@Injectable()
export class ExchangeDoor extends Door<ExchangeRequest> {
  protected readonly bodyType = ExchangeRequest;

  constructor(
    private readonly codes: RedirectCodes,
    private readonly applications: ApplicationsService,
  ) {
    super();
  }

  protected async verify({ applicationId, code, codeVerifier }: ExchangeRequest): Promise<DoorAnswer> {
    const application = await this.applications.getById(applicationId);
    const { proof, spend, issuedAt } = await this.codes.redeem({ applicationId, code, codeVerifier });
    return { application, proof, spend, codeIssuedAt: issuedAt };
  }
}

@Injectable()
export class ExchangeStrategy extends DoorStrategy(ExchangeDoor, 'exchange') {}
