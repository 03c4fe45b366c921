import { NoAnswer, within } from './within';

describe('within', () => {
  it('gives the answer, or what went wrong', async () => {
    await expect(within(1_000, Promise.resolve('answer'))).resolves.toBe('answer');
    await expect(within(1_000, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  });

  it('waits no longer than it may', async () => {
    await expect(within(10, new Promise(() => undefined))).rejects.toBeInstanceOf(NoAnswer);
  });

  it('takes an answer that came while the process stalled', async () => {
    const answer = new Promise((resolve) => setTimeout(resolve, 20, 'answer'));
    const waiting = within(10, answer);
    const end = performance.now() + 50;
    while (performance.now() < end);

    await expect(waiting).resolves.toBe('answer');
  });
});
