import type { Problem, ShapedProblem } from '@countersign/http';

/** The texts are Metapro's documented ones, including their spelling. */
const texts: Readonly<Record<number, string>> = {
  400: 'Incorrect data requested',
  401: 'Unouthorized access!',
  403: 'Not allowed to process this request!',
  404: 'Entity not found',
};

/** A problem with a link for the person. Clients show one text of an error, so the first text contains the link. */
interface LinkingProblem extends Problem {
  readonly joinLink?: string;
  readonly joinNumber?: string;
}

/** The public clients show the first entry of `messages`, or else `message`. They ignore the other members. */
export function toErrorBody(problem: LinkingProblem): ShapedProblem {
  const { status, title, detail, code, requestId, joinLink, joinNumber, errors = [] } = problem;
  const message = joinLink === undefined ? (texts[status] ?? title) : detail;
  const fields = errors.map(({ path, detail: rule }) => `${path} ${rule}`.trim());
  const more = detail === message || detail === `${message}.` ? [] : [detail];
  return {
    body: { message, messages: [message, ...more, ...fields], code, requestId, joinLink, joinNumber },
  };
}
