import type { Problem, ShapedProblem } from '@countersign/http';

/** The texts that Metapro documents, its spelling included. */
const texts: Readonly<Record<number, string>> = {
  400: 'Incorrect data requested',
  401: 'Unouthorized access!',
  403: 'Not allowed to process this request!',
  404: 'Entity not found',
};

/** With a link that the person should open: clients show one text of an error, so it is in the first one. */
interface LinkingProblem extends Problem {
  readonly joinLink?: string;
  readonly joinNumber?: string;
}

/** What the public clients read: `messages`, of which one shows the first, or else `message`. The other members are ours. */
export function toErrorBody(problem: LinkingProblem): ShapedProblem {
  const { status, title, detail, code, requestId, joinLink, joinNumber, errors = [] } = problem;
  const message = joinLink === undefined ? (texts[status] ?? title) : detail;
  const fields = errors.map(({ path, detail: rule }) => `${path} ${rule}`.trim());
  const more = detail === message || detail === `${message}.` ? [] : [detail];
  return {
    body: { message, messages: [message, ...more, ...fields], code, requestId, joinLink, joinNumber },
  };
}
