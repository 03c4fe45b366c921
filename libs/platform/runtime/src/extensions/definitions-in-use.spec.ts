import { DefinitionsInUse } from './definitions-in-use';

const toys = (...names: readonly string[]): DefinitionsInUse<{ readonly name: string }> => {
  const inUse = new DefinitionsInUse<{ readonly name: string }>('toy', /^[a-z]+\.[a-z]+$/);
  inUse.use(names.map((name) => ({ name })));
  return inUse;
};

describe('the definitions in use', () => {
  it('are found by their names, and listed by name', () => {
    const inUse = toys('toy.z', 'toy.m');

    expect(inUse.find('toy.z')).toEqual({ name: 'toy.z' });
    expect(inUse.find('constructor')).toBeNull();
    expect(inUse.has('toy.a')).toBe(false);
    expect(inUse.all).toEqual([{ name: 'toy.m' }, { name: 'toy.z' }]);
  });

  it('fill all lists again when others are used', () => {
    const inUse = toys();
    const list = inUse.listOf((names) => [...names.filter((name) => name !== 'toy.m'), '*']);
    const { names } = inUse;
    inUse.use([{ name: 'toy.z' }, { name: 'toy.m' }]);
    expect([names, list]).toEqual([
      ['toy.m', 'toy.z'],
      ['toy.z', '*'],
    ]);

    inUse.use([{ name: 'toy.a' }]);

    expect([names, list]).toEqual([['toy.a'], ['toy.a', '*']]);
  });

  it('have one definition for each name', () => {
    expect(() => toys('toy.m', 'toy.m')).toThrow('toy toy.m is defined twice');
  });

  it.each(['toy', 'Toy.m', ' toy.m', 'toy.m '])('refuse the name %j', (name) => {
    expect(() => toys(name)).toThrow(`toy ${name} is not of the form`);
  });
});
