import { environmentVariables, type Variable } from './environment';

/** All variables as rows of a Markdown table. */
export function environmentTable(): string {
  const variables: readonly Variable<unknown>[] = Object.values(environmentVariables);
  const rows = variables.map(({ name, meaning, fallback, derivedDefault, isSecret }) => {
    const names = isSecret === true ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``;
    const shown = derivedDefault ?? (fallback ? `\`${fallback}\`` : '');
    return `| ${names} | ${shown} | ${meaning} |`;
  });
  return ['| variable | default | meaning |', '|---|---|---|', ...rows, ''].join('\n');
}
