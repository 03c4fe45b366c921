import { UndoStack } from './undo-stack';

describe('UndoStack', () => {
  it('undoes in the opposite order, everything, once, and then tells the first failure', async () => {
    const undo = new UndoStack();
    const done: string[] = [];
    undo.push(() => void done.push('first'));
    undo.push(async () => {
      done.push('second');
      throw new Error('second');
    });
    undo.push(() => {
      done.push('third');
      throw new Error('third');
    });

    await expect(undo.run()).rejects.toThrow('third');
    await undo.run();

    expect(done).toEqual(['third', 'second', 'first']);
  });
});
