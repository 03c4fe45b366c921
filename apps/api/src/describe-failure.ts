import { ConfigurationError } from '@countersign/config';
import { describeDatabaseFailure, WrongKeyError } from '@countersign/database';
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
  return describeDatabaseFailure(error) ?? stack ?? message;
}
