type Answers<T extends readonly Promise<unknown>[]> = { -readonly [K in keyof T]: Awaited<T[K]> };

/**
 * Pipelines statements of one transaction. Waits for all of them, also when one fails, so that none runs
 * after the end of the transaction.
 * @throws the error of the first one that failed
 */
export async function together<T extends readonly Promise<unknown>[]>(...statements: T): Promise<Answers<T>> {
  await Promise.allSettled(statements);
  return await Promise.all(statements);
}
