import { IsInt, IsString, validateSync } from 'class-validator';
import { keepRulesOfClasses } from './input';

class Animal {
  @IsString()
  name: unknown = 1;
}

class Dog extends Animal {
  @IsInt({ groups: ['puppies'] })
  @IsString()
  age: unknown = 1.5;
}

const failing = (value: object, groups?: string[]) =>
  validateSync(value, groups ? { groups } : {})
    .flatMap(({ property, constraints }) =>
      Object.keys(constraints ?? {}).map((rule) => `${property} ${rule}`),
    )
    .sort();

describe('the rules of a class', () => {
  keepRulesOfClasses();

  it('are its own and those of its parents, the second time as well', () => {
    const all = ['age isInt', 'age isString', 'name isString'];

    expect(failing(new Dog())).toEqual(all);
    expect(failing(new Dog())).toEqual(all);
    expect(failing(new Animal())).toEqual(['name isString']);
  });

  it('are complete when one is added after a validation', () => {
    class Cat {
      name: unknown = 1;
    }
    expect(failing(new Cat())).toEqual(['undefined unknownValue']);
    IsString()(Cat.prototype, 'name');
    expect(failing(new Cat())).toEqual(['name isString']);
  });

  it('are those of a group where one is named', () => {
    expect(failing(new Dog(), ['puppies'])).toEqual(['age isInt']);
    expect(failing(new Dog())).toHaveLength(3);
    expect(failing(new Dog(), ['puppies'])).toEqual(['age isInt']);
  });

  it('are not mixed up with those of a class of the same name', () => {
    const another = () => {
      class Dog {
        @IsInt()
        name: unknown = 1;
      }
      return new Dog();
    };

    expect(failing(another())).toEqual([]);
    expect(failing(new Dog())).toHaveLength(3);
  });
});
