import { listErrors } from '@countersign/text';
import { statusOf } from '@countersign/http';
import { featureOf, grouped } from '../operations';

const INTRODUCTION = `# Error codes

Every failure is answered as problem details (RFC 9457, \`application/problem+json\`) with one of these codes.
Codes are public contract: they are added, never renamed. Where there is no remedy, the
third column says what the code means. The calls that answer it are in the [OpenAPI documents](openapi/).

This page is generated from the code (\`apps/api/src/openapi/write-documents.ts\`): do not edit it.
`;

export function errorList(): string {
  const sections = grouped(listErrors(), ({ code }) => featureOf(code)).map(([feature, errors]) => {
    const rows = errors.map(
      ({ code, kind, title, remedy = `${title}.` }) =>
        `| \`${code}\` | ${statusOf(kind)} | ${remedy.replaceAll('|', '\\|')} |`,
    );
    return [`## ${feature}`, '', '| code | status | remedy |', '|---|---|---|', ...rows, ''];
  });
  return [INTRODUCTION, ...sections.flat()].join('\n');
}
