import { Injectable } from '@nestjs/common';
import { ApplicationsService } from '@countersign/applications';
import { Matching, Text } from '@countersign/http';
import { authError } from '../auth.errors';
import { accepted, SIGN_IN, signInCodes, type Door, type VerifiedSignIn } from '../doors/door';
import { readSignIn, type BodyDoorDeclaration } from '../doors/proof-in-body';
import { SignInRequest, TakesReferralCode } from '../doors/sign-in-request';
import { RedirectCodes } from './redirect-codes';
import { authMethods } from '../auth.feature';

const EXAMPLE_CODE = 'cs_rc_...';
const EXAMPLE_VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

@TakesReferralCode()
class ExchangeRequest extends SignInRequest {
  @Text('The one-time code of a redirect.', EXAMPLE_CODE, { input: 'required', max: 128 })
  code: string;

  @Matching('Of PKCE (RFC 7636), when the sign-in began with a code challenge.', EXAMPLE_VERIFIER, {
    input: 'optional',
    pattern: /^[A-Za-z0-9._~-]{43,128}$/,
    message: 'must be a code verifier of RFC 7636',
  })
  codeVerifier?: string;
}

/** The last step of every sign-in by redirect. */
@Injectable()
export class RedirectCodeDoor implements Door {
  static readonly declaration: BodyDoorDeclaration = {
    name: 'redirect-code',
    body: ExchangeRequest,
    proofFields: { code: EXAMPLE_CODE },
    besides: { codeVerifier: EXAMPLE_VERIFIER },
    operation: {
      operationId: 'exchangeCode',
      summary: 'Exchange the one-time code of a sign-in by redirect for tokens',
      description:
        'Log In With Telegram and login links end in such a code. It is good for 60 seconds and for one exchange. ' +
        'A second one with the right code verifier ends the session that the first one opened.',
    },
    stepsUp: 'the one-time code of Log In With Telegram',
    codes: [
      ...signInCodes,
      'auth.code_expired',
      'auth.code_invalid',
      'auth.code_used',
      'auth.code_verifier_mismatch',
    ],
    refusals: 'sign-in',
    metric: 'exchange',
  };

  constructor(
    private readonly codes: RedirectCodes,
    private readonly applications: ApplicationsService,
  ) {}

  async open(body: unknown, { purpose } = SIGN_IN): Promise<VerifiedSignIn> {
    const read = readSignIn(ExchangeRequest, body);
    const { applicationId, code, codeVerifier } = read;
    const application = await this.applications.getById(applicationId);
    const redeemed = await this.codes.redeem(applicationId, code, codeVerifier);
    // Only this flow began in the person's browser. A flow with a start parameter began for a sign-in.
    const { door, startParam } = redeemed.proof;
    if (purpose !== 'sign-in' && (door !== authMethods.telegramOidc || startParam !== null))
      throw authError('auth.proof_names_no_act');
    return accepted({ application, ...redeemed }, read);
  }
}
