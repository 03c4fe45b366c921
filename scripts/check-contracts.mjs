import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { main, say } from './lib/main.mjs';

/**
 * Compiles the contracts of the tests, and the one that libs/wallets/chains sends with its calls.
 *
 *   npm run check -- contracts               compares what is compiled with what is kept
 *   npm run check -- contracts --write    writes it
 */
const FOLDER = join(import.meta.dirname, '..');
const TESTS = 'test/contracts';
const PRODUCT = 'libs/wallets/chains/contracts';
const PRODUCT_CODE = 'libs/wallets/chains/src/signatures/signature-check.ts';

function solidityOf(folder) {
  return readdirSync(join(FOLDER, folder)).filter((name) => name.endsWith('.sol'));
}

function compile(folder, evmVersion) {
  const require = createRequire(import.meta.url);
  const solc = require('solc');
  const sources = Object.fromEntries(
    solidityOf(folder).map((name) => [name, { content: readFileSync(join(FOLDER, folder, name), 'utf8') }]),
  );
  const input = {
    language: 'Solidity',
    sources,
    settings: {
      evmVersion,
      optimizer: { enabled: true, runs: 200 },
      // Without it the bytes would depend on the comments.
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  };
  const readImport = (path) => ({ contents: readFileSync(require.resolve(path), 'utf8') });
  const { errors = [], contracts } = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }));
  const faults = errors.filter(({ severity }) => severity === 'error');
  if (faults.length > 0) throw new Error(faults.map((fault) => fault.formattedMessage).join('\n'));
  return Object.keys(sources).map((file) => {
    const name = basename(file, '.sol');
    const { abi, evm } = contracts[file][name];
    return { name, abi, bytecode: `0x${evm.bytecode.object}` };
  });
}

/** [path, content] of each file that is made. */
function compiledFiles() {
  const artefacts = compile(TESTS, 'cancun').map(({ name, abi, bytecode }) => [
    join(TESTS, 'compiled', `${name}.json`),
    `${JSON.stringify({ abi, bytecode })}\n`,
  ]);
  // Of a fork that all chains have.
  const [check] = compile(PRODUCT, 'london');
  return [...artefacts, [PRODUCT_CODE, productCode(check)]];
}

function productCode({ bytecode }) {
  return `// Made of ${PRODUCT}/SignatureCheck.sol by scripts/check-contracts.mjs.

export const SIGNATURE_CHECK_CODE =
  '${bytecode}';
`;
}

await main(() => {
  const isWritten = process.argv.includes('--write');
  const stale = [];
  for (const [path, content] of compiledFiles()) {
    if (isWritten) writeFileSync(join(FOLDER, path), content);
    else if (readFileSync(join(FOLDER, path), 'utf8') !== content) stale.push(path);
  }
  if (stale.length === 0) return 0;
  say(`Not what their sources compile to: ${stale.join(', ')}. Run npm run check -- contracts --write`);
  return 1;
});
