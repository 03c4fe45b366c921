import { ConfigurationError } from '@countersign/config';
import { isDatabaseAway, WrongKeyError } from '@countersign/database';
import { AppError } from '@countersign/errors';

interface SystemError extends Error {
  readonly code?: string;
  readonly port?: number;
  readonly address?: string;
}

/** Why the service does not start, in a sentence for an operator. */
export function describeFailure(error: unknown): string {
  if (error instanceof ConfigurationError || error instanceof WrongKeyError) return error.message;
  if (error instanceof AppError && error.kind === 'unavailable') return describeFailure(error.options.cause);
  const { code, port, address, message, stack } = error as SystemError;
  if (code === 'EADDRINUSE')
    return `Port ${port ?? ''} is taken: stop what uses it, or set PORT or GATEWAY_PORT.`;
  if (code === 'EACCES')
    return `Port ${port ?? ''} needs more rights than this user has: set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL') return `HOST ${address ?? ''} is not an address of this machine.`;
  if (code === '28P01' || code === '28000')
    return 'The database refuses the user or password of DATABASE_URL.';
  if (code === '3D000') return 'The database that DATABASE_URL names does not exist: create it first.';
  if (isDatabaseAway(error))
    return 'The database cannot be reached: check DATABASE_URL, and that PostgreSQL runs.';
  return stack ?? message;
}
