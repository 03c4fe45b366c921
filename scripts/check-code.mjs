import './lib/node-version.mjs';
import { ESLint } from 'eslint';
import ts from 'typescript';
import { CLONE, inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';

/**
 * Lint and types, in one process. The rules use the types that the compiler has inferred for its own diagnostics: 109 s of
 * CPU time, where `npm run lint`, `npm run types` and the types of client and playground take 158 s.
 */

/** A file is linted in the first project that has it: the page of the playground includes the client's sources. */
const PROJECTS = ['tsconfig.json', 'libs/client/tsconfig.json', 'apps/playground/page/tsconfig.json'];
const TYPED = '{apps,libs,test,bench,scripts}/**/*.ts';

await main(async () => {
  const programs = PROJECTS.map((path) => programOf(inClone(path)));
  const faults = ts.sortAndDeduplicateDiagnostics(
    programs.flatMap((program) => ts.getPreEmitDiagnostics(program)),
  );
  const eslint = new ESLint({
    cwd: CLONE,
    overrideConfig: {
      files: [TYPED],
      languageOptions: { parserOptions: { projectService: false, programs } },
    },
  });
  const results = await eslint.lintFiles(['.']);
  const format = await eslint.loadFormatter('stylish');
  const problems = [
    ts.formatDiagnosticsWithColorAndContext(faults, {
      getCurrentDirectory: () => CLONE,
      getCanonicalFileName: (name) => name,
      getNewLine: () => '\n',
    }),
    await format.format(results),
  ];
  if (problems.some((text) => text !== '')) throw new Sentence(problems.join('\n'));
});

function programOf(path) {
  const host = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic({ messageText }) {
      throw new Sentence(`${path}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
    },
  };
  const { fileNames, options, errors } = ts.getParsedCommandLineOfConfigFile(path, {}, host);
  return ts.createProgram({ rootNames: fileNames, options, configFileParsingDiagnostics: errors });
}
