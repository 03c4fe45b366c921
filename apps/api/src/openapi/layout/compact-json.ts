const WIDTH = 120;

/** A list or an object without others in it: strings of JSON have no line breaks, so a line is an item. */
const LEAF = /^( *)(.*[[{])\n([^[\]{}]+)\n *([\]}],?)$/gm;

/** JSON with an indentation of one, in which short lists and objects stand in one line: a third smaller. */
export function compactJson(value: object): string {
  const text = JSON.stringify(value, null, 1).replaceAll(
    LEAF,
    (leaf: string, indent: string, head: string, body: string, tail: string) => {
      const items = body.split('\n').map((line) => line.trim());
      const line = `${indent}${head} ${items.join(' ')} ${tail}`;
      if (line.length <= WIDTH) return line;
      return head.endsWith('[')
        ? [`${indent}${head}`, ...filled(items, `${indent} `), `${indent}${tail}`].join('\n')
        : leaf;
    },
  );
  return `${text}\n`;
}

function filled(items: readonly string[], indent: string): readonly string[] {
  return items.reduce<readonly string[]>((lines, item) => {
    const last = lines.at(-1);
    return last !== undefined && `${last} ${item}`.length <= WIDTH
      ? [...lines.slice(0, -1), `${last} ${item}`]
      : [...lines, `${indent}${item}`];
  }, []);
}
