import { userInfo } from 'node:os';
import { hasCode } from './has-code';

/** Why there is no private PostgreSQL. The message is one sentence that says what to do about it. */
export class PrivatePostgresError extends Error {
  override readonly name = 'PrivatePostgresError';
}

/** The way out that every refusal shares. */
export const USE_ANOTHER = 'set DATABASE_URL to a PostgreSQL 15 or newer';

/**
 * Turns a file system error below `folder` into a sentence that says what to do. Other errors are returned
 * unchanged.
 */
export function asSentence(error: unknown, folder: string): unknown {
  if (hasCode(error, 'ENOSPC', 'EDQUOT')) return new PrivatePostgresError(diskFull(folder), { cause: error });
  if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) {
    return new PrivatePostgresError(
      `The folder ${folder} cannot be used by ${accountName()} (${error.message}): give that user the folder, ` +
        `name another one in COUNTERSIGN_DATA_DIR, or ${USE_ANOTHER}.`,
      { cause: error },
    );
  }
  if (hasCode(error, 'ENOTDIR', 'EEXIST')) {
    return new PrivatePostgresError(
      `${folder} is no folder (${error.message}): move what is there away, or name another one in COUNTERSIGN_DATA_DIR.`,
      { cause: error },
    );
  }
  return error;
}

export function diskFull(folder: string): string {
  return `The disk that holds ${folder} is full: free some space there and start again, or ${USE_ANOTHER}.`;
}

/** The running user's name, or `user id N` where the system has no name for it. */
export function accountName(): string {
  try {
    return `user ${userInfo().username}`;
  } catch {
    return `user id ${process.getuid?.() ?? 'unknown'}`;
  }
}

export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}
