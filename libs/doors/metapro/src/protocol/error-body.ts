import type { Problem } from '@countersign/http';

/** The texts that Metapro documents, its spelling included. */
const texts: Readonly<Record<number, string>> = {
  400: 'Incorrect data requested',
  401: 'Unouthorized access!',
  403: 'Not allowed to process this request!',
  404: 'Entity not found',
};

/** What the public clients read: `messages`, of which one shows the first, or else `message`. `code` is ours. */
export function toErrorBody({ status, title, detail, code, requestId, errors = [] }: Problem): object {
  const message = texts[status] ?? title;
  const fields = errors.map(({ path, detail: rule }) => `${path} ${rule}`.trim());
  const more = detail === message || detail === `${message}.` ? [] : [detail];
  return { message, messages: [message, ...more, ...fields], code, requestId };
}
