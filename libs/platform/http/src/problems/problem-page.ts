import type { FastifyReply, FastifyRequest } from 'fastify';
import { AddRouteConfig } from '../routes/route-config';
import type { Problem } from './problem';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For a URL that people open: a browser gets a page, not JSON. */
    answersBrowsers?: true;
  }
}

/** For a route that people open by a link: where it is refused, a browser is shown a plain page. */
export function AnswersBrowsers(): MethodDecorator {
  return AddRouteConfig({ answersBrowsers: true });
}

/** Whether the client asks for JSON, which no browser does that opens a link. */
export function asksForJson({ headers: { accept } }: FastifyRequest): boolean {
  return accept?.includes('json') ?? false;
}

export function answerBrowser(problem: Problem, reply: FastifyReply): void {
  const [title, detail, code] = [problem.title, problem.detail, problem.code].map(escapeHtml);
  void reply
    .status(problem.status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    .send(
      `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1><p>${detail}</p><p><code>${code}</code></p>`,
    );
}

/** Text as HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
