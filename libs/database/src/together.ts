type Answers<T extends readonly Promise<unknown>[]> = { -readonly [K in keyof T]: Awaited<T[K]> };

/**
 * Statements of one transaction that go out together instead of one after the other. Waits for all of them, also when one
 * fails, so that nothing of them comes after the transaction's end.
 * @throws what the first of them threw that failed
 */
export async function together<T extends readonly Promise<unknown>[]>(...statements: T): Promise<Answers<T>> {
  await Promise.allSettled(statements);
  return await Promise.all(statements);
}
