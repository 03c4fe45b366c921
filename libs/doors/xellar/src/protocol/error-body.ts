import type { Problem } from '@countersign/http';

/** With a link that the person should open, where clients read one. */
interface LinkingProblem extends Problem {
  readonly link?: string;
}

/** What the clients read: `message`, and `data.message` where it is a link. The other members are ours. */
export function toErrorBody({ status, detail, code, requestId, link, errors = [] }: LinkingProblem): object {
  const data = link === undefined ? {} : { data: { message: link } };
  const fields = errors.map(({ path, detail: rule }) => `${path} ${rule}`.trim());
  return { status, message: [detail, ...fields].join(' '), ...data, code, requestId };
}
