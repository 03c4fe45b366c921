import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from './call';
import { declarations } from './commands/index';
import { command, given, type Answer, type CommandDeclaration } from './declaration';

/** Runs a command that uses nothing of the business. */
function answerOf(declaration: CommandDeclaration): Promise<Answer> {
  const call = {} as Call;
  return declaration.run(call, (execute) => execute(call, {} as never, {} as never));
}

const rows = [
  { id: 'a', count: 2, tags: ['x', 'y'], at: new Date('2026-01-31T23:59:00Z'), by: null },
  { id: 'bcd', count: 10, tags: [], at: new Date('2026-02-01T00:00:00Z'), by: 'anna' },
];

describe('a list', () => {
  const columns = {
    name: 'id',
    count: 'count',
    tags: 'tags',
    at: 'at',
    by: 'by',
    first: ({ tags }: { readonly tags: readonly string[] }) => tags[0] ?? '',
  } as const;

  it('is printed in columns: fields by their names, or texts made of a row', async () => {
    const { json, text } = await answerOf(
      command('list').list({ read: () => Promise.resolve(rows), columns }),
    );

    expect(json).toBe(rows);
    expect(text.split('\n')).toEqual([
      'name  count  tags  at                        by    first',
      'a     2      x,y   2026-01-31T23:59:00.000Z  -     x',
      'bcd   10           2026-02-01T00:00:00.000Z  anna',
    ]);
  });

  it.each([
    [undefined, 'name  count  tags  at  by  first'],
    ['None', 'None'],
  ])('that is empty has the line of headings, or the text for it: %s', async (none, text) => {
    const list = { read: () => Promise.resolve([] as typeof rows), columns, ...given({ none }) };

    expect(await answerOf(command('list').list(list))).toEqual({ json: [], text });
  });
});

describe('one object', () => {
  const read = () => Promise.resolve({ id: 'a', count: 2, tags: [], isOpen: false, by: null });

  it('is printed with all that it has', async () => {
    expect((await answerOf(command('show').show(read))).text).toBe(
      ['id      a', 'count   2', 'tags    -', 'isOpen  false', 'by      -'].join('\n'),
    );
  });

  it('is printed with the fields that are named', async () => {
    const named = { name: 'id', open: ({ isOpen }: { isOpen: boolean }) => (isOpen ? 'yes' : '') } as const;

    expect(await answerOf(command('show').show(read, named))).toEqual({
      json: await read(),
      text: 'name  a\nopen',
    });
  });
});

describe('the folder of commands', () => {
  it('has one declaration in each file, all of them in the list', () => {
    const files = readdirSync(join(__dirname, 'commands'))
      .filter((name) => !/(^index|\.spec)\.ts$/.test(name))
      .map((name) => name.replace('.ts', ''));

    expect(declarations.map(({ name }) => name).toSorted()).toEqual(files.toSorted());
  });
});
