import { Integer, ListOf, Text, Uri } from '../fields/kinds';

export class FieldErrorResponse {
  @Text('The field, with dots between levels; empty for the whole body.', 'initData')
  path: string;

  @Text('The rule that failed.', 'max_length')
  code: string;

  @Text('A sentence for people, without the value.', 'must be shorter than or equal to 8192 characters')
  detail: string;
}

export class ProblemResponse {
  @Uri('A URN that ends in `code`.', 'urn:countersign:error:request.invalid')
  type: string;

  @Text(
    'What went wrong, for people: the same for every occurrence of the code.',
    'The request has invalid fields',
  )
  title: string;

  @Integer('The HTTP status.', 400)
  status: number;

  @Text(
    'What went wrong and what to do about it, for people.',
    'The request has invalid fields. Correct the fields that are named.',
  )
  detail: string;

  @Text('Public contract; all codes are in docs/errors.md.', 'request.invalid')
  code: string;

  @Text('The id of the request, as in `X-Request-Id`.', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11')
  requestId: string;

  @ListOf(FieldErrorResponse, 'The fields that are wrong, at most 20.', { optional: true })
  errors?: FieldErrorResponse[];
}

/** Problem details that OAuth clients can read too (RFC 6749, section 5.2). */
export class OAuthProblemResponse extends ProblemResponse {
  @Text('The error code of RFC 6749, RFC 7009 or RFC 9449.', 'invalid_request')
  error: string;

  @Text(
    '`detail`, in the characters that RFC 6749 allows.',
    'The request has invalid fields. Correct the fields that are named.',
  )
  error_description: string;
}
