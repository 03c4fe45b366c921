export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/**
 * After a stall of this process, arrived input is read before the answer counts as missing. @throws NoAnswer when
 * `work` takes longer; `work` continues, and its outcome is ignored
 */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const lateness = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      setImmediate(() => reject(new NoAnswer(`no answer within ${milliseconds} ms`)));
    }, milliseconds);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, lateness]);
  } finally {
    clearTimeout(timer);
  }
}
