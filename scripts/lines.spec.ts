interface Density {
  readonly statements: number;
  readonly exportedNames: number;
}
interface Product extends Density {
  readonly lines: number;
}
interface Meter {
  readonly limits: Readonly<Record<string, number>>;
  readonly density: Product;
}
interface Lines {
  areaOf(path: string): string;
  densityOf(path: string, text: string): Density;
  faultsOf(meter: Meter, counts: Readonly<Record<string, number>>, product: Product): readonly string[];
  linesIn(text: string): number;
}

const { areaOf, densityOf, faultsOf, linesIn } = jest.requireActual<Lines>('./lib/lines.mjs');

const density = { lines: 1_000, statements: 300, exportedNames: 50 };
const meter = { limits: { 'libs/pure/text': 500, docs: 40 }, density };
const counts = { 'libs/pure/text': 500, docs: 40 };

describe('the area of a file', () => {
  it.each([
    ['libs/pure/text/src/ip-address.ts', 'libs/pure/text'],
    ['libs/pure/README.md', 'libs/pure'],
    ['libs/pure/text/testing/growth.ts', 'test'],
    ['libs/pure/text/src/ip-address.spec.ts', 'test'],
    ['test/support/anvil.ts', 'test'],
    ['apps/api/src/main.ts', 'apps/api'],
    ['published/client/package.json', 'published/client'],
    ['scripts/lib/lines.mjs', 'scripts'],
    ['docs/adr/0001-opaque-access-tokens.md', 'docs'],
    ['README.md', '.'],
  ])('of %s is %s', (path, area) => {
    expect(areaOf(path)).toBe(area);
  });
});

describe('lines', () => {
  it('are counted as line feeds', () => {
    expect(linesIn('one\ntwo\n')).toBe(2);
  });

  it('may be as many as the limit', () => {
    expect(faultsOf(meter, counts, density)).toEqual([]);
  });

  it('are refused above it', () => {
    expect(faultsOf(meter, { ...counts, docs: 42 }, density)).toEqual([
      'docs has 42 lines, 2 above its limit.',
    ]);
  });

  it('are refused where no limit is', () => {
    expect(faultsOf(meter, { ...counts, examples: 1 }, density)).toEqual([
      'examples has 1 lines and no limit.',
    ]);
  });

  it('leave no limit behind', () => {
    expect(faultsOf(meter, { 'libs/pure/text': 1 }, density)).toEqual([
      'docs has a limit and no lines: remove the limit.',
    ]);
  });
});

describe('density', () => {
  it('counts each statement, and each name that is exported', () => {
    const text = "export const a = 1, b = 2;\nexport { c, d } from './c';\nif (a) {\n  b;\n}\n";

    expect(densityOf('a.ts', text)).toEqual({ statements: 4, exportedNames: 4 });
  });

  it('may fall with the lines', () => {
    expect(faultsOf(meter, counts, { lines: 500, statements: 150, exportedNames: 25 })).toEqual([]);
  });

  it('is refused where lines fall and statements stay', () => {
    expect(faultsOf(meter, counts, { lines: 500, statements: 300, exportedNames: 25 })).toEqual([
      'statements fell to 1.000, lines to 0.500.',
    ]);
  });
});
