import { userInfo } from 'node:os';
import type { Call } from './call';
import { UsageError } from './errors';

const NAME = /^[A-Za-z0-9._@-]{1,64}$/;
const MAX_LENGTH = 64;

/**
 * The person who calls, for the audit trail: `--as`, else the system user.
 * @throws UsageError for `--as` with anything but a name
 */
export function callerOf(call: Call, environment: NodeJS.ProcessEnv): string {
  const given = call.optional('as');
  if (given === undefined) return systemUser(environment);
  if (NAME.test(given)) return given;
  throw new UsageError('--as must be a name of 1 to 64 letters, digits and . _ @ -.');
}

/** The name of the user that the process runs as; in a container that user may have none. */
function systemUser({ USER }: NodeJS.ProcessEnv): string {
  let name = USER;
  try {
    name = userInfo().username;
  } catch {
    // There is no entry for the user id.
  }
  return (name ?? '').replaceAll(/[^A-Za-z0-9._@-]/g, '-').slice(0, MAX_LENGTH) || 'unknown';
}
