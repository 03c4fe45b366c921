import { getMetadataArgsStorage } from 'typeorm';
import { SESSION } from './session.columns';
import { SessionEntity } from './session.entity';

describe('the columns of a session', () => {
  it('are those of the entity, under the same names and of the same types', () => {
    const ofEntity = getMetadataArgsStorage()
      .columns.filter(({ target }) => target === SessionEntity)
      .map(({ propertyName, options }) => ({
        name: options.name ?? propertyName,
        type: `${String(options.type)}${options.array ? '[]' : ''}`,
      }));
    const names = SESSION.names.split(', ');
    const types = SESSION.parameters()
      .split(', ')
      .map((parameter) => parameter.replace(/^\$\d+::/, ''));
    const declared = names.map((name, place) => ({ name, type: types[place] }));

    const byName = (one: { name: string }, other: { name: string }): number =>
      one.name.localeCompare(other.name);
    expect(declared.sort(byName)).toEqual(ofEntity.sort(byName));
  });
});
