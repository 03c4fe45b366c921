import { kept } from './engine';

describe('what the engine is told', () => {
  it('keeps an object of the shape that process.nextTick makes', async () => {
    await new Promise<void>((resolve) => {
      process.nextTick(resolve);
    });

    expect(kept).toEqual([expect.objectContaining({ callback: expect.any(Function), args: undefined })]);
  });
});
