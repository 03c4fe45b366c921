import { URLSearchParams } from 'node:url';

/** Asks a service and insists on the answer. */
export class Asking {
  #service;

  /** @param {import('../product/service.mjs').Service} service */
  constructor(service) {
    this.#service = service;
  }

  /** @returns {Promise<any>} the JSON of the answer, or null when it has none */
  async ask(
    method,
    path,
    { accessToken, initData, applicationId, grant, body, form, basic } = {},
    expected = 200,
  ) {
    const authorization =
      (accessToken && `Bearer ${accessToken}`) ??
      (initData && `tma ${initData}`) ??
      (basic && `Basic ${Buffer.from(basic.join(':')).toString('base64')}`);
    const type = body ? 'application/json' : 'application/x-www-form-urlencoded';
    const answer = await fetch(`${this.#service.origin}${path}`, {
      method,
      headers: {
        ...(authorization && { authorization }),
        ...(applicationId && { 'x-countersign-application': applicationId }),
        ...(grant && { 'x-step-up-grant': grant }),
        ...((body ?? form) && { 'content-type': type }),
      },
      body: body ? JSON.stringify(body) : form && new URLSearchParams(form).toString(),
    });
    const text = await answer.text();
    if (answer.status !== expected)
      throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 300)}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** @returns {Promise<string | null>} who it is, as the gateway is told */
  async check(accessToken) {
    const answer = await fetch(`${this.#service.gatewayOrigin}/v1/gateway/authorize`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`the gateway's check answered ${answer.status}`);
    return answer.headers.get('x-user-id');
  }
}

/** @param {boolean} isTrue @param {string} told */
export function insist(isTrue, told) {
  if (!isTrue) throw new Error(told);
}
