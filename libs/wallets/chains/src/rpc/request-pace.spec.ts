import { RequestPace, type Urgency } from './request-pace';

/** Whether the requests are served at once. */
async function isTaken(pace: RequestPace, count: number, urgency?: Urgency): Promise<boolean> {
  return pace.take(count, 0, urgency);
}

describe('the requests of a URL', () => {
  it('are as many at once as a second allows, and no more', async () => {
    const pace = new RequestPace(10, () => 0);

    expect(await isTaken(pace, 10)).toBe(true);
    expect(await isTaken(pace, 1)).toBe(false);
  });

  it('are let through by a full bucket, however many they are', async () => {
    let now = 0;
    const pace = new RequestPace(1, () => now);

    expect(await isTaken(pace, 4)).toBe(true);

    expect(await isTaken(pace, 4)).toBe(false);
    now = 4_000;
    expect(await isTaken(pace, 4)).toBe(true);
  });

  it('are served by urgency, and in the order of their calls where it is the same', async () => {
    const pace = new RequestPace(100);
    await pace.take(100, 0);
    const served: string[] = [];
    const ask = async (name: string, urgency?: Urgency): Promise<void> => {
      if (await pace.take(5, 5_000, urgency)) served.push(name);
    };

    await Promise.all([
      ask('a block'),
      ask('the next block'),
      ask('a receipt', 'receipt'),
      ask('a send', 'send'),
    ]);

    expect(served).toEqual(['a send', 'a receipt', 'a block', 'the next block']);
  });

  it('give up where more urgent ones take their turn until the time limit', async () => {
    const pace = new RequestPace(100);
    await pace.take(100, 0);

    const slow = pace.take(5, 60);
    const urgent = pace.take(50, 5_000, 'send');

    expect(await slow).toBe(false);
    expect(await urgent).toBe(true);
  });
});
