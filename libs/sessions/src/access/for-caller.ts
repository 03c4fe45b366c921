import { AppError } from '@countersign/errors';
import { sessionError } from '../session.errors';

/**
 * What a caller asks for on their own account. When that has become part of another one since they were let in, it is
 * their session that has ended.
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
