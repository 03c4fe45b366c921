import { ConfigurationError } from '@countersign/runtime';
import { describeDatabaseFailure, UnusedTablesError } from '@countersign/database';
import { AppError } from '@countersign/text';
import { WrongKeyError } from '@countersign/keys';
import { LedgerRefusedError } from '@countersign/ledger';
import { UseError } from './features';

/** The message of these errors is a sentence for an operator. */
const sentences = [ConfigurationError, UnusedTablesError, UseError, WrongKeyError, LedgerRefusedError];

export function describeFailure(error: unknown): string {
  if (sentences.some((kind) => error instanceof kind)) return (error as Error).message;
  if (error instanceof AppError && error.kind === 'unavailable') return describeFailure(error.options.cause);
  const { code, port, address, message, stack } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  if (code === 'EADDRINUSE')
    return `Port ${port ?? ''} is taken: stop what uses it, or set PORT, GATEWAY_PORT or ADMIN_PORT.`;
  if (code === 'EACCES')
    return `Port ${port ?? ''} needs more rights than this user has: set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL')
    return `HOST, GATEWAY_HOST or ADMIN_HOST ${address ?? ''} is not an address of this machine.`;
  return describeDatabaseFailure(error) ?? stack ?? message;
}
