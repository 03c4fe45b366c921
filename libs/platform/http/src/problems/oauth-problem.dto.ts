import { Text } from '../fields';
import { ProblemResponse } from './problem.dto';

/** Problem details that OAuth clients can read too, RFC 6749 section 5.2. */
export class OAuthProblemResponse extends ProblemResponse {
  @Text('The error code of RFC 6749, RFC 7009 or RFC 9449.', 'invalid_request')
  error: string;

  @Text(
    '`detail`, in the characters that RFC 6749 allows.',
    'The request has invalid fields. Correct the fields that are named.',
  )
  error_description: string;
}
