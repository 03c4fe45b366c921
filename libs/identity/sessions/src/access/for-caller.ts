import { AppError } from '@countersign/errors';
import { sessionError } from '../session.errors';

/**
 * For a caller's own account. When it was merged into another one after authentication, the session has
 * ended.
 * @throws AppError session.ended instead of user.not_found
 */
export async function forCaller<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && error.code === 'user.not_found') throw sessionError('session.ended');
    throw error;
  }
}
