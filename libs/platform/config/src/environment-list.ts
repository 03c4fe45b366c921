import { environmentVariables } from './environment';
import type { Variable } from './environment-variable';

export function environmentList(declared: object = environmentVariables): string {
  const variables = Object.values(declared) as readonly Variable<unknown>[];
  const items = variables.map(({ name, meaning, fallback, derivedDefault, isSecret }) => {
    const names = isSecret === true ? `\`${name}\`, \`${name}_FILE\`` : `\`${name}\``;
    const shown = derivedDefault ?? (fallback ? `\`${fallback}\`` : '');
    return `- ${names}${shown && ` (${shown})`}: ${meaning}`;
  });
  return `${items.join('\n')}\n`;
}
