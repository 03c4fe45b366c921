import ts from 'typescript';

/**
 * Declared names of a TypeScript file that are, or have as a word, one of the words to avoid. Properties of object literals
 * do not count: a type, SQL or a wire format names them.
 *
 * @param {string} path
 * @param {string} source
 * @param {{ words: Record<string, string>, ordinary: Record<string, string> }} list each word with the advice for it; each
 *   name that stays with the reason
 */
export function identifierProblems(path, source, { words, ordinary }) {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest);
  const problems = [];
  const visit = (node) => {
    const name = declaredName(node);
    const word = name && wordsOf(name.text).find((each) => Object.hasOwn(words, each));
    if (word && !Object.hasOwn(ordinary, name.text)) {
      const { line } = file.getLineAndCharacterOfPosition(name.getStart(file));
      problems.push(`${path}:${line + 1} declares "${name.text}". Instead of "${word}": ${words[word]}.`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return problems;
}

function declaredName(node) {
  const isDeclared =
    ts.isVariableDeclaration(node) ||
    ts.isBindingElement(node) ||
    ts.isParameter(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isTypeElement(node) ||
    ts.isClassElement(node);
  return isDeclared && node.name && (ts.isIdentifier(node.name) || ts.isPrivateIdentifier(node.name))
    ? node.name
    : undefined;
}

/** `keptUntil` and `KEPT_UNTIL` have the words kept and until. */
function wordsOf(name) {
  return name.split(/[_$#]|(?<=[a-z0-9])(?=[A-Z])/).map((word) => word.toLowerCase());
}
