import type { Problem, ShapedProblem } from '@countersign/http';

/** What the clients read: `message`. The other members are ours. */
export function toErrorBody(problem: Problem): ShapedProblem {
  const { title, detail, code, status, requestId, errors = [] } = problem;
  const fields = errors.map(({ path, detail: rule }) => `${path} ${rule}`.trim());
  // A detail that is not of the occurrence begins with the title.
  const said = detail.startsWith(title) ? [detail] : [title, detail];
  return {
    status,
    body: { status, message: sentencesOf([...said, ...fields]), code, requestId },
  };
}

/** Each as a sentence, and once. */
function sentencesOf(texts: readonly (string | undefined)[]): string {
  const sentences = texts.filter((text) => text !== undefined && text !== '');
  return [...new Set(sentences.map((text) => (/[.!?]$/.test(text ?? '') ? text : `${text}.`)))].join(' ');
}
