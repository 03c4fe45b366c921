import ts from 'typescript';

/** Specs, and what only they use, are one area: a product does not grow by being tested. */
const IS_TEST = /(^test\/|\/testing\/|[.-]spec\.[cm]?[jt]sx?$)/;
const OF_FOLDERS = { libs: 3, apps: 2, published: 2, tools: 2 };

/**
 * The area whose limit a file counts for: a lib, an app, a published package or a tool; `test`; a folder of the root; or
 * `.` for the files that stand in the root.
 */
export function areaOf(path) {
  if (IS_TEST.test(path)) return 'test';
  const folders = path.split('/');
  if (folders.length === 1) return '.';
  const depth = OF_FOLDERS[folders[0]] ?? 1;
  return folders.slice(0, Math.min(depth, folders.length - 1)).join('/');
}

/** Areas that are deployed, published or started: what the product is. */
export const isProduct = (area) => area.split('/')[0] in OF_FOLDERS;

/** Line feeds, as `wc -l` counts them. */
export const linesIn = (text) => text.split('\n').length - 1;

/** The statements of a TypeScript file, blocks not counted, and the names that it exports. */
export function densityOf(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const found = { statements: 0, exportedNames: 0 };
  const visit = (node) => {
    if (ts.isStatement(node) && !ts.isBlock(node)) found.statements++;
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  for (const statement of file.statements) found.exportedNames += namesOf(statement);
  return found;
}

function namesOf(statement) {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause } = statement;
    return exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.length : 1;
  }
  if (ts.isExportAssignment(statement)) return 1;
  const { modifiers } = statement;
  if (!modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return 0;
  return ts.isVariableStatement(statement) ? statement.declarationList.declarations.length : 1;
}

/** @param {{ limits: Record<string, number> }} of the file of limits */
export const sumOf = ({ limits }) => Object.values(limits).reduce((sum, limit) => sum + limit, 0);

/**
 * What is wrong with the size of the tree.
 *
 * @param {{ limits: Record<string, number>, density: Record<'lines' | 'statements' | 'exportedNames', number> }} meter
 *   limits of lines by area, and the figures of one commit with which the product's density is compared
 * @param {Record<string, number>} counts lines by area
 * @param {Record<'lines' | 'statements' | 'exportedNames', number>} product
 */
export function faultsOf({ limits, density }, counts, product) {
  const areas = [...new Set([...Object.keys(counts), ...Object.keys(limits)])];
  const share = product.lines / density.lines;
  return [
    ...areas.flatMap((area) => {
      const [count = 0, limit] = [counts[area], limits[area]];
      if (limit === undefined) return [`${area} has ${count} lines and no limit.`];
      if (count === 0) return [`${area} has a limit and no lines: remove the limit.`];
      return count > limit ? [`${area} has ${count} lines, ${count - limit} above its limit.`] : [];
    }),
    ...['statements', 'exportedNames'].flatMap((kind) =>
      product[kind] / density[kind] > share * 1.03
        ? [`${kind} fell to ${(product[kind] / density[kind]).toFixed(3)}, lines to ${share.toFixed(3)}.`]
        : [],
    ),
  ];
}
