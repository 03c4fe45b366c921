import { HttpException, type ExecutionContext, type HttpExceptionOptions } from '@nestjs/common';
import { IdentityTokenError } from '../src';
import { problemOf, type Problem } from '../src/problem';

/** Of Fastify and of Express. */
interface Reply {
  header(name: string, value: string): unknown;
}

/** The exception of a problem, whose headers are set at once: exceptions of Nest carry none. */
export function refusal(
  context: ExecutionContext,
  { status, headers, body }: Problem,
  options?: HttpExceptionOptions,
): HttpException {
  const reply = context.switchToHttp().getResponse<Reply>();
  for (const [name, value] of Object.entries(headers)) {
    // The exception filters of the service choose the form of the body.
    if (name !== 'content-type') reply.header(name, value);
  }
  return new HttpException({ ...body }, status, options);
}

/** Other errors are passed on: they fail the request too. */
export function toRefusal(context: ExecutionContext, error: unknown): unknown {
  if (!(error instanceof IdentityTokenError)) return error;
  return refusal(context, problemOf(error), { cause: error });
}
