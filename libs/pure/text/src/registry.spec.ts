import { Registry } from './registry';

const toys = (): Registry<string, number> => {
  const registry = new Registry<string, number>('toy', /^[a-z]+\.[a-z]+$/);
  registry.define({ 'toy.m': 1, 'toy.z': 2 });
  return registry;
};

describe('a registry', () => {
  it('knows what features define', () => {
    const registry = toys();

    expect(registry.get('toy.z')).toBe(2);
    expect(registry.has('toy.z')).toBe(true);
    expect(registry.has('toy.a')).toBe(false);
  });

  it('makes other lists of the names, which grow too', () => {
    const registry = toys();
    const list = registry.listOf((names) => [...names.filter((name) => name !== 'toy.m'), '*']);
    expect(list).toEqual(['toy.z', '*']);

    registry.define({ 'toy.a': 3 });

    expect(list).toEqual(['toy.a', 'toy.z', '*']);
  });

  it('has nothing for a name that no feature defines', () => {
    expect(() => toys().get('toy.a')).toThrow('no feature defines the toy toy.a');
    expect(() => toys().get('constructor')).toThrow('no feature defines the toy constructor');
  });

  it('refuses a name that is defined already', () => {
    expect(() => {
      toys().define({ 'toy.m': 1 });
    }).toThrow('toy toy.m is defined twice');
  });

  it.each(['toy', 'Toy.m', ' toy.m', 'toy.m '])('refuses the name %j', (name) => {
    expect(() => {
      toys().define({ [name]: 1 });
    }).toThrow(`toy ${name} is not of the form`);
  });
});
