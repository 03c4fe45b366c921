import { listErrors, type ErrorDefinition } from '@countersign/errors';
import { statusOf } from '@countersign/http';

const INTRODUCTION = `# Error codes

Every failure is answered as problem details (RFC 9457, \`application/problem+json\`) with one of these codes.
Codes are public contract: they are added, never renamed. The status goes with the kind of failure.

This page is generated from the code (\`apps/api/src/openapi/write-documents.ts\`): do not edit it.
`;

/** All error codes of the product as a Markdown page, a table per feature. */
export function errorList(): string {
  const errors = listErrors();
  const features = new Set(errors.map(({ code }) => featureOf(code)));
  const sections = [...features].map((feature) => {
    const rows = errors.filter(({ code }) => featureOf(code) === feature).map(rowOf);
    return [`## ${feature}`, '', '| code | status | title | what to do |', '|---|---|---|---|', ...rows, ''];
  });
  return [INTRODUCTION, ...sections.flat()].join('\n');
}

function featureOf(code: string): string {
  return code.slice(0, code.indexOf('.'));
}

function rowOf({ code, kind, title, remedy = '' }: ErrorDefinition & { code: string }): string {
  return `| \`${code}\` | ${statusOf(kind)} | ${inCell(title)} | ${inCell(remedy)} |`;
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
