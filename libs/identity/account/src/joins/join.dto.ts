import { PickType } from '@nestjs/swagger';
import { AppLinkResponse } from '@countersign/applications';
import { Id, Instant, Integer, ListOf, OneOf, Text } from '@countersign/http';
import { joinOutcomes, type JoinState } from './join.entity';

export class JoinRequestResponse {
  @Id('Names the request to join, also in the audit trail.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10')
  joinId: string;

  @Text(
    'The start parameter of the other person’s launch, or of their Log In With Telegram, is `j_` and this code.',
    'Hq7mXw2kVt9pRb4cYd8nJs3f',
  )
  code: string;

  @Integer('Two digits that this page shows, and the person of the other account types.', 42)
  number: number;

  @Integer('Seconds for which the request is open.', 600)
  expiresIn: number;

  @ListOf(AppLinkResponse, 'Links that open the Mini App with the code; also for a QR code.')
  links: AppLinkResponse[];
}

export class JoinStateResponse extends PickType(JoinRequestResponse, ['joinId', 'expiresIn']) {
  @OneOf(['open', 'expired', ...joinOutcomes], '`failed` after three wrong numbers.', 'open')
  state: JoinState;
}

export class AskedJoinResponse extends PickType(JoinRequestResponse, ['expiresIn']) {
  @Text('The application in which it was asked.', 'Game')
  applicationName: string;

  @Text('The public display name of the asking account; null where it has none.', 'Ada', { nullable: true })
  displayName: string | null;

  @Instant('When it was asked.', '2026-11-25T08:00:00.000Z')
  askedAt: string;
}

export class AcceptJoinBody {
  @Integer('The number that the asking page shows.', 42, { input: 'required', min: 10, max: 99 })
  number: number;
}

/** The answer of a sign-in has this object if its start parameter carried the code of a join. */
export class SignInJoinResponse {
  @Text('The code, for GET /v1/joins/{code} and the acceptance.', 'Hq7mXw2kVt9pRb4cYd8nJs3f')
  code: string;

  @Text('The acceptance brings it as `X-Step-Up-Grant`.', 'cs_sg_...')
  grant: string;

  @Integer('Seconds for which the grant is good.', 300)
  expiresIn: number;
}
