/** Returns whether to continue. `depth` is 1 for a member of the outermost object. */
type VisitName = (depth: number, nameStart: number, nameEnd: number, colon: number) => boolean;

/** Only for a text that `JSON.parse` accepted: strings are closed, and a string before a colon is a name. */
export function visitJson(text: string, visit: VisitName, visitBracket?: (isOpening: boolean) => void): void {
  let depth = 0;
  let start = 0;
  let end = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') {
      start = at;
      end = endOfString(text, at);
      at = end - 1;
    } else if (character === ':') {
      if (!visit(depth, start, end, at)) return;
    } else if (character === '{' || character === '[') {
      depth += 1;
      visitBracket?.(true);
    } else if (character === '}' || character === ']') {
      depth -= 1;
      visitBracket?.(false);
    }
  }
}

/** The positions include the quotes. */
export function jsonString(text: string, start: number, end: number): string {
  const content = text.slice(start + 1, end - 1);
  return content.includes('\\') ? String(JSON.parse(text.slice(start, end))) : content;
}

/** The first token after a colon: all of the value for a number, string or literal. */
export function firstJsonToken(text: string, colon: number): string {
  let start = colon + 1;
  while (isBlank(text[start])) start += 1;
  const first = text[start] ?? '';
  if (first === '{' || first === '[') return first;
  if (first === '"') return text.slice(start, endOfString(text, start));

  let end = start;
  while (!isBlank(text[end]) && text[end] !== ',' && text[end] !== '}') end += 1;
  return text.slice(start, end);
}

/** The position after the next unescaped quote. */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote + 1;
}

function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text[start - 1] === '\\') start -= 1;
  return (at - start) % 2 === 1;
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t';
}
