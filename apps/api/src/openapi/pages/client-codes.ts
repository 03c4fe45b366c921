import type { OpenAPIObject } from '@nestjs/swagger';
import { problemExample } from '@countersign/http';
import { ERROR_CODE } from '../problems/error-codes';

const WIDTH = 110;

const HEADER = `// Generated from the code (apps/api/src/openapi/write-documents.ts): do not edit it.

/**
 * The codes of problems by the status that they are answered with. Codes are added, never renamed: treat one that is not
 * known here by its status. What each means and what to do is in docs/errors.md.
 */
export interface ErrorCodesByStatus {`;

const FOOTER = `}

/** Why a call failed: \`code\` of its problem. */
export type ErrorCode = ErrorCodesByStatus[keyof ErrorCodesByStatus];
`;

/** The codes of a document as types for TypeScript, formatted like our sources. Types only: nothing is left at run time. */
export function clientCodes(document: OpenAPIObject): string {
  const schema = document.components?.schemas?.[ERROR_CODE];
  const codes = schema && 'enum' in schema ? (schema.enum as readonly string[]) : [];
  const statusOf = (code: string): number => problemExample(code).status;
  const statuses = [...new Set(codes.map(statusOf))].sort((one, other) => one - other);
  const members = statuses.map((status) =>
    member(
      status,
      codes.filter((code) => statusOf(code) === status),
    ),
  );
  return [HEADER, ...members, FOOTER].join('\n');
}

function member(status: number, codes: readonly string[]): string {
  const quoted = codes.map((code) => `'${code}'`);
  const line = `  ${status}: ${quoted.join(' | ')};`;
  return line.length <= WIDTH
    ? line
    : [`  ${status}:`, ...quoted.map((code) => `    | ${code}`)].join('\n') + ';';
}
