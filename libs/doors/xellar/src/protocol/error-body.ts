import type { Problem } from '@countersign/http';

/** What the clients read: `message`. The other members are ours. */
export function toErrorBody({ status, detail, code, requestId, errors = [] }: Problem): object {
  const fields = errors.map(({ path, detail: rule }) => `${path} ${rule}`.trim());
  return { status, message: [detail, ...fields].join(' '), code, requestId };
}
