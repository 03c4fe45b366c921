import { Semaphore } from './semaphore';

const { signal: never } = new AbortController();

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const state = { isPending: true };
  promise.then(
    () => (state.isPending = false),
    () => (state.isPending = false),
  );
  await new Promise(setImmediate);
  return state.isPending;
}

describe('Semaphore', () => {
  it('gives permits in the order of the calls, and never to more', async () => {
    const semaphore = new Semaphore(2);
    await semaphore.acquire(never);
    await semaphore.acquire(never);
    const [third, fourth] = [semaphore.acquire(never), semaphore.acquire(never)];

    expect(await isPending(third)).toBe(true);
    semaphore.release();
    expect(await isPending(third)).toBe(false);
    expect(await isPending(fourth)).toBe(true);
    semaphore.release();
    semaphore.release();
    semaphore.release();
    await fourth;
  });

  it('passes over those that gave up', async () => {
    const semaphore = new Semaphore(1);
    const controller = new AbortController();
    await semaphore.acquire(never);
    const impatient = semaphore.acquire(controller.signal);
    const patient = semaphore.acquire(never);

    controller.abort(new Error('late'));
    await expect(impatient).rejects.toThrow('late');
    expect(await isPending(patient)).toBe(true);
    semaphore.release();
    await patient;
    semaphore.release();
    await expect(semaphore.acquire(controller.signal)).rejects.toThrow('late');
  });

  it('gives the permit of work that failed to the next', async () => {
    const semaphore = new Semaphore(1);
    let fail: (error: Error) => void = () => undefined;
    const failing = semaphore.run(() => new Promise((_resolve, reject) => (fail = reject)));
    const waiting = semaphore.run(() => Promise.resolve('done'));

    expect(await isPending(waiting)).toBe(true);
    fail(new Error('failed'));
    await expect(failing).rejects.toThrow('failed');
    await expect(waiting).resolves.toBe('done');
  });
});
