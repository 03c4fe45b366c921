import { ApiProperty } from '@nestjs/swagger';
import { ProblemResponse } from './problem.dto';

/** Problem details that OAuth clients can read too, RFC 6749 section 5.2. */
export class OAuthProblemResponse extends ProblemResponse {
  @ApiProperty({ example: 'invalid_request' })
  error: string;

  @ApiProperty({ example: 'The request has invalid fields. Correct the fields listed in `errors`.' })
  error_description: string;
}
