import { environmentVariables } from './environment';
import type { Variable } from './environment-variable';

/** Variables as rows of a Markdown table. */
export function environmentTable(declared: object = environmentVariables): string {
  const variables = Object.values(declared) as readonly Variable<unknown>[];
  const rows = variables.map(({ name, meaning, fallback, derivedDefault, isSecret }) => {
    const names = isSecret === true ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``;
    const shown = derivedDefault ?? (fallback ? `\`${fallback}\`` : '');
    return `| ${names} | ${shown} | ${meaning} |`;
  });
  return ['| variable | default | meaning |', '|---|---|---|', ...rows, ''].join('\n');
}
