import { Places } from './places';

/** Work that goes on until it is told to end. */
function aWork(): { readonly run: () => Promise<string>; readonly end: () => void; begun: number } {
  let end: (value: string) => void = () => undefined;
  const work = {
    begun: 0,
    run: () => {
      work.begun += 1;
      return new Promise<string>((resolve) => (end = resolve));
    },
    end: () => {
      end('done');
    },
  };
  return work;
}

describe('places', () => {
  it('go to the next as soon as one is over, also one that failed', async () => {
    const places = new Places(1, 10_000);
    const [first, second] = [aWork(), aWork()];
    const failing = places.take(() => first.run().then(() => Promise.reject(new Error('failed'))));
    const waiting = places.take(second.run);
    expect(second.begun).toBe(0);

    first.end();
    await expect(failing).rejects.toThrow('failed');
    expect(second.begun).toBe(1);
    second.end();
    await expect(waiting).resolves.toBe('done');
    await expect(places.take(() => Promise.resolve('free again'))).resolves.toBe('free again');
  });

  it('are not waited for without end', async () => {
    const places = new Places(1, 20);
    const work = aWork();
    const working = places.take(work.run);

    await expect(places.take(() => Promise.resolve())).rejects.toMatchObject({ code: 'service.unavailable' });
    work.end();
    await working;
    await expect(places.take(() => Promise.resolve('free'))).resolves.toBe('free');
  });
});
