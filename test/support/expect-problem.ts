import type { Response } from 'supertest';

interface FieldExpectation {
  readonly path: string;
  readonly code: string;
}

/** Asserts an RFC 9457 answer: status, code, media type, request id, and, for validation, which fields failed how. */
export function expectProblem(
  answer: Response,
  status: number,
  code: string,
  fields?: readonly FieldExpectation[],
): void {
  expect({ status: answer.status, body: answer.body as unknown }).toEqual({
    status,
    body: expect.objectContaining({ status, code, type: `urn:countersign:error:${code}` }) as unknown,
  });
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect((answer.body as { requestId: string }).requestId).toBe(answer.headers['x-request-id']);
  if (fields)
    expect((answer.body as { errors: unknown }).errors).toEqual(
      fields.map((field) => expect.objectContaining(field) as unknown),
    );
}
