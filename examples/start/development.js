import { readFileSync } from 'node:fs';

/** The addresses of Countersign, which `npx countersign init` wrote. */
export const countersign = JSON.parse(readFileSync(new URL('countersign.json', import.meta.url), 'utf8'));

/** Takes the role of the API gateway: it asks Countersign about each call, and passes on an identity token instead of the access token. */
export function gateway() {
  const check = `${countersign.check}/v1/gateway/authorize?audience=${countersign.audience}`;
  return middleware('gateway', '/api', async (request, response, next) => {
    const { authorization = '', host = '' } = request.headers;
    const answer = await fetch(check, {
      headers: {
        ...(authorization && { authorization }),
        'x-forwarded-method': request.method,
        'x-forwarded-proto': 'http',
        'x-forwarded-host': host,
        'x-forwarded-uri': request.originalUrl,
      },
    });
    if (!answer.ok) {
      response.writeHead(answer.status, { 'content-type': 'application/problem+json' });
      response.end(await answer.text());
      return;
    }
    delete request.headers.authorization;
    request.headers['x-identity-token'] = answer.headers.get('x-identity-token');
    next();
  });
}

/** Takes the role of Telegram: `/launch` opens the page as a made-up person, for whom `npm start` signs. */
export function launch() {
  // The person is Ada until a launch names another one.
  let person = 4_000_000_000_000_001;
  return middleware('launch', '/launch', async (request, response) => {
    const query = new URL(request.originalUrl, 'http://page').searchParams;
    person = Number(query.get('id') ?? person);
    const answer = await fetch(`${countersign.api}/playground/init-data`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: person, startParam: query.get('startapp') ?? undefined }),
    });
    if (!answer.ok) {
      refuse(response, `There is no such person. ${countersign.api}/playground/people lists the people.`);
      return;
    }
    const { initData } = await answer.json();
    // With another query, the browser loads the page again, as a new launch does.
    const launchUrl = `/?${Date.now()}#${new URLSearchParams({ tgWebAppData: initData })}`;
    response.writeHead(302, { location: launchUrl });
    response.end();
  });
}

function middleware(name, path, handle) {
  return {
    name,
    configureServer(server) {
      server.middlewares.use(path, (request, response, next) => {
        handle(request, response, next).catch(() =>
          refuse(
            response,
            `Countersign does not answer at ${countersign.api}. Run "npm start" in its clone.`,
          ),
        );
      });
    },
  };
}

function refuse(response, sentence) {
  response.writeHead(503, { 'content-type': 'text/plain' });
  response.end(sentence);
}
