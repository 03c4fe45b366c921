interface Asvs {
  asvsProblems(
    text: string,
    levels: Record<string, number>,
    read: (path: string) => string | null,
  ): readonly string[];
  titlesOf(source: string): readonly string[];
}

const { asvsProblems, titlesOf } = jest.requireActual<Asvs>('./lib/asvs.mjs');

const levels = { '6.1.1': 1, '6.1.2': 2, '6.3.5': 3 };
const files: Record<string, string> = {
  'test/a.integration-spec.ts': "describe('tokens', () => { it('are refused twice', () => {}); });",
};
const row = (number: string, ...cells: readonly string[]) => `| ${[number, ...cells].join(' | ')} |`;
const TEST = '`test/a.integration-spec.ts` › `are refused`';
const first = row('6.1.1', '1', 'one', 'met', 'so', TEST);
const second = row('6.1.2', '2', 'two', 'not met', 'why', '');
const check = (...rows: readonly string[]) =>
  asvsProblems(rows.join('\n'), levels, (path) => files[path] ?? null);

describe('asvsProblems', () => {
  it.each([
    ['a row for each requirement of levels 1 and 2', [first, second]],
    ['a row of level 3 that is met', [first, second, row('6.3.5', '3', 'three', 'met', 'so', TEST)]],
    ['several tests', [first.replace(TEST, `${TEST}<br>${TEST}`), second]],
    ['a requirement that is not ours', [first, second.replace('not met', 'not ours')]],
    ['other lines', ['# Title', '| number | level |', '| --- | --- |', first, second]],
  ])('accepts %s', (_, rows) => {
    expect(check(...rows)).toEqual([]);
  });

  it.each([
    ['a requirement without a row', [first], '6.1.2 has no row'],
    ['a requirement with two rows', [first, first, second], '6.1.1 has 2 rows'],
    ['a number that is not on the list', [first, second, row('6.9.9', '1', 'x', 'met', 'so', TEST)], 'list'],
    ['another level', [first.replace('| 1 |', '| 2 |'), second], 'is of level 1'],
    ['another state', [first, second.replace('not met', 'partly')], '"partly" is none of'],
    ['a cell too few', [first, row('6.1.2', '2', 'two', 'not met', 'why')], 'has 5 cells'],
    ['no gist', [first, second.replace('two', '')], 'has no gist'],
    ['no reason', [first, second.replace('why', '')], 'does not say how'],
    ['a requirement that is met without a test', [first.replace(TEST, ''), second], 'names no test'],
    ['a file that is not there', [first.replace('test/a', 'test/b'), second], 'does not exist'],
    ['a file that is no spec', [first.replace('-spec.ts', '.ts'), second], 'is no spec'],
    ['a test that is not there', [first.replace('are refused', 'are accepted'), second], 'has no test'],
    ['a title of a few letters', [first.replace('are refused', 'are'), second], 'too short'],
    ['a test in another form', [first.replace(' › ', ': '), second], 'is not `path` › `title`'],
    [
      'a row of level 3 that is not met',
      [first, second, row('6.3.5', '3', 'x', 'not met', 'y', '')],
      'optional',
    ],
  ])('reports %s', (_, rows, problem) => {
    expect(check(...rows)).toEqual([expect.stringContaining(problem)]);
  });

  it('reports each wrong test of a row', () => {
    const two = `${TEST}<br>\`test/c.spec.ts\` › \`nowhere to be found\``;

    expect(check(first.replace(TEST, two), second)).toEqual([
      expect.stringContaining('test/c.spec.ts does not exist'),
    ]);
  });
});

describe('titlesOf', () => {
  it('finds tests, groups and tables of tests', () => {
    const source = [
      "describe('one', () => {",
      "  it.each([['a']])('two %s', () => {});",
      '  it.each<[string]>([["b"]])(`three ${name}`, () => {});',
      "  describe.each(\n['c'])('four', () => {});",
      "  test('five’s', () => {});",
      '});',
    ].join('\n');

    expect(titlesOf(source)).toEqual(['one', 'two %s', 'three ${name}', 'four', 'five’s']);
  });

  it('leaves out what does not run', () => {
    const source = "it.skip('one', f); it.todo('two'); xit('three', f); // it('four', f)\nlog('five');";

    expect(titlesOf(source)).toEqual([]);
  });
});
