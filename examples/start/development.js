import { readFileSync } from 'node:fs';

/** Of Countersign: `npx countersign init` wrote it. */
export const countersign = JSON.parse(readFileSync(new URL('countersign.json', import.meta.url), 'utf8'));

/** Stands for the API gateway: each call of the service is checked, and carries an identity token instead of the access token. */
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

/** Stands for Telegram: `/launch` opens the page as a made-up person, whom `npm start` signs for. */
export function launch() {
  // Ada has the phone, until a launch names another person.
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
      refuse(response, `No such launch: ${countersign.api}/playground/people lists who there is.`);
      return;
    }
    const { initData } = await answer.json();
    // The query makes it another page for the browser, as another launch is.
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
            `Countersign does not answer at ${countersign.api}: run "npm start" in its clone.`,
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
