import type { FastifyRequest } from 'fastify';
import type { Problem, ShapedProblem } from '@countersign/http';

/** With a link that the person should open. */
interface LinkingProblem extends Problem {
  readonly link?: string;
}

/** What the clients read: `message`, and a link in `data.message`. The other members are ours. */
export function toErrorBody(problem: LinkingProblem, { headers }: FastifyRequest): ShapedProblem {
  const { title, detail, code, requestId, link, errors = [] } = problem;
  const fields = errors.map(({ path, detail: rule }) => `${path} ${rule}`.trim());
  const asksForPermission = code === 'xellar.wallet_not_granted' && link !== undefined;
  const status = asksForPermission && !isByFetch(headers) ? 407 : problem.status;
  // A detail that is not of the occurrence begins with the title.
  const said = detail.startsWith(title) ? [detail] : [title, detail];
  const data = link === undefined ? {} : { data: { message: link } };
  return {
    status,
    body: { status, message: sentencesOf([...said, ...fields]), ...data, code, requestId },
  };
}

/** Each as a sentence, and once. */
function sentencesOf(texts: readonly (string | undefined)[]): string {
  const sentences = texts.filter((text) => text !== undefined && text !== '');
  return [...new Set(sentences.map((text) => (/[.!?]$/.test(text ?? '') ? text : `${text}.`)))].join(' ');
}

/** Of browsers, and of `fetch` in Node: they report a 407 that is not of a proxy as a network error. */
function isByFetch(headers: FastifyRequest['headers']): boolean {
  return headers.origin !== undefined || headers['sec-fetch-mode'] !== undefined;
}
