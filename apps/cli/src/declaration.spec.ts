import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { declarations } from './commands/index';

describe('the folder of commands', () => {
  it('has one declaration in each file, all of them in the list', () => {
    const files = readdirSync(join(__dirname, 'commands'))
      .filter((name) => !/(^index|\.spec)\.ts$/.test(name))
      .map((name) => name.replace('.ts', ''));

    expect(declarations.map(({ name }) => name).toSorted()).toEqual(files.toSorted());
  });
});
