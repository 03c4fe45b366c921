import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PAGE = join(__dirname, '../../docs/openid.md');

/** A recipe of docs/openid.md, by its language. @param values by the texts that stand for them in the recipe */
export async function recipeFor(
  language: 'apache' | 'ruby',
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const [, recipe = ''] =
    new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(await readFile(PAGE, 'utf8')) ?? [];
  return Object.entries(values).reduce((text, [name, value]) => {
    if (!text.includes(name)) throw new Error(`docs/openid.md has no ${name} in its recipe of ${language}`);
    return text.replaceAll(name, value);
  }, recipe);
}
