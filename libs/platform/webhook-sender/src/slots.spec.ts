import { Slots } from './slots';

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

describe('slots', () => {
  it('are given in the order of the calls, and never to more', async () => {
    const slots = new Slots(2);
    await slots.take(never);
    await slots.take(never);
    const [third, fourth] = [slots.take(never), slots.take(never)];

    expect(await isPending(third)).toBe(true);
    slots.giveBack();
    expect(await isPending(third)).toBe(false);
    expect(await isPending(fourth)).toBe(true);
    slots.giveBack();
    slots.giveBack();
    slots.giveBack();
    await fourth;
    expect(slots.isUnused).toBe(true);
  });

  it('pass over those that gave up', async () => {
    const slots = new Slots(1);
    const controller = new AbortController();
    await slots.take(never);
    const impatient = slots.take(controller.signal);
    const patient = slots.take(never);

    controller.abort(new Error('late'));
    await expect(impatient).rejects.toThrow('late');
    expect(await isPending(patient)).toBe(true);
    slots.giveBack();
    await patient;
    slots.giveBack();
    expect(slots.isUnused).toBe(true);
    await expect(slots.take(controller.signal)).rejects.toThrow('late');
    expect(slots.isUnused).toBe(true);
  });
});
