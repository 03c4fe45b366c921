import { randomUUID } from 'node:crypto';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { UuidIndex, NOWHERE } from './uuid-index';
import { LruOrder } from './lru-order';

const ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

/** The same numbers from 0 to below 1 each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function remove(index: UuidIndex, position: number): void {
  index.forget(position);
  index.vacate(position);
}

describe('an index of ids', () => {
  it.each([ID, randomUUID(), uuidv7(), '00000000-0000-0000-0000-000000000000', 'f'.repeat(8) + ID.slice(8)])(
    'gives %s a position, and back',
    (id) => {
      const index = new UuidIndex(4);
      expect(index.find(id)).toBe(NOWHERE);
      const position = index.add(id);

      expect(index.find(id)).toBe(position);
      expect(index.add(id)).toBe(position);
      expect(index.idAt(position)).toBe(id);
      expect(index.size).toBe(1);
      remove(index, position);
      expect(index.find(id)).toBe(NOWHERE);
      expect(index.size).toBe(0);
    },
  );

  it.each([
    ['nothing', ''],
    ['another word', 's1'],
    ['upper case', ID.toUpperCase()],
    ['one capital', `${ID.slice(0, 3)}9A${ID.slice(5)}`],
    ['no hyphens', ID.replaceAll('-', '')],
    ['braces', `{${ID}}`],
    ['a hyphen elsewhere', '0199a3c67-f2e-7bd1-9d0c-3f5f0f2f6a11'],
    ['another sign for a hyphen', ID.replace('-', '_')],
    ['a hyphen for a digit', `${ID.slice(0, 35)}-`],
    ['a letter beyond f', `${ID.slice(0, 35)}g`],
    ['a sign between digits and letters', `${ID.slice(0, 35)}:`],
    ['a letter whose low byte is a digit', `${ID.slice(0, 35)}\u0131`],
    ['a letter whose low bits are a digit', `${ID.slice(0, 35)}q`],
    ['more behind', `${ID}0`],
    ['a line break behind', `${ID}\n`],
    ['less', ID.slice(0, 35)],
  ])('has no position for %s', (_, id) => {
    const index = new UuidIndex(4);
    index.add(ID);

    expect(index.find(id)).toBe(NOWHERE);
    expect(index.add(id)).toBe(NOWHERE);
    expect(index.size).toBe(1);
  });

  it('tells apart what differs in one digit, whichever', () => {
    const index = new UuidIndex(64);
    const ids = [...ID].flatMap((digit, at) =>
      digit === '-' ? [] : `${ID.slice(0, at)}${digit === '8' ? '9' : '8'}${ID.slice(at + 1)}`,
    );
    const positions = [ID, ...ids].map((id) => index.add(id));

    expect(new Set(positions).size).toBe(33);
    expect([ID, ...ids].map((id) => index.find(id))).toEqual(positions);
  });

  it('gives the position of what was forgotten to another only when it is vacated', () => {
    const index = new UuidIndex(4);
    const first = index.add(ID);
    index.forget(first);
    const again = index.add(ID);

    expect(again).not.toBe(first);
    expect(index.find(ID)).toBe(again);
    expect(index.idAt(first)).toBe(ID);
    index.vacate(first);
    expect(index.next).toBe(first);
    expect(index.add(randomUUID())).toBe(first);
    expect(index.find(ID)).toBe(again);
  });

  it('doubles when there is no position left, and all keep theirs', () => {
    const index = new UuidIndex(1);
    const ids = Array.from({ length: 1_000 }, () => uuidv7());
    const positions = ids.map((id) => index.add(id));

    expect(positions).toEqual([...ids.keys()]);
    expect(ids.map((id) => index.find(id))).toEqual(positions);
    expect(index.capacity).toBe(1_024);
    expect(index.end).toBe(1_000);
  });

  it.each([
    ['few, which stand close', 7, 12],
    ['some', 100, 160],
    ['many', 5_000, 8_000],
  ])('does with an order of use what a map does: %s', (_, most, idCount) => {
    const random = seeded(most);
    const pick = (below: number): number => Math.floor(random() * below);
    const ids = Array.from({ length: idCount }, () =>
      uuidv4({ random: Uint8Array.from({ length: 16 }, () => pick(256)) }),
    );
    const index = new UuidIndex(most + 1);
    const order = new LruOrder(most + 1);
    // The least recently used is the first key.
    const model = new Map<string, number>();
    const drop = (id: string, position: number): void => {
      order.remove(position);
      remove(index, position);
      model.delete(id);
    };
    for (let count = 0; count < 100_000; count += 1) {
      const id = ids[pick(idCount)] ?? '';
      const position = model.get(id) ?? NOWHERE;
      if (index.find(id) !== position) throw new Error(`${id} is not where it was put`);
      const act = random();
      if (act < 0.35 && position !== NOWHERE) {
        order.touch(position);
        model.delete(id);
        model.set(id, position);
      } else if (act < 0.8 && position === NOWHERE) {
        const added = index.add(id);
        order.add(added);
        model.set(id, added);
        if (index.size > most) drop(index.idAt(order.oldest), order.oldest);
      } else if (position !== NOWHERE) drop(id, position);
      if (random() < 0.000_05) for (const all of [index, order, model]) all.clear();
      const [oldest] = model.values();
      if (order.oldest !== (oldest ?? NOWHERE)) throw new Error('another one is the least recently used');
      if (index.size !== model.size) throw new Error('there are more or fewer than there should be');
    }
    for (const id of ids) expect(index.find(id)).toBe(model.get(id) ?? NOWHERE);
    for (const [id, position] of model) expect(index.idAt(position)).toBe(id);
    expect(new Set(model.values()).size).toBe(model.size);
    for (const position of model.values()) {
      expect(order.oldest).toBe(position);
      order.remove(position);
    }
    expect(order.oldest).toBe(NOWHERE);
  });
});
