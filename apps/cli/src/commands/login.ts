import { adminUrlOf } from '../api/api-client';
import { command, needed } from '../declaration';
import { textOf } from '../output';

export const login = {
  name: 'login',
  ...command(
    'sign in to the administration API by the OpenID provider of the console, on a phone or in a browser',
    {
      '--url <url>': needed('the issuer, such as https://id.example.com'),
      '--client <id>': needed('the public client with the device grant there'),
      '--scope <scopes>': { description: 'what to ask the provider for', default: 'openid' },
    },
  ).plain(async (call) => {
    const { logIn } = await import('../api/login.js');
    const { terminal } = call;
    const url = adminUrlOf(terminal.environment);
    const at = {
      issuer: call.required('url'),
      clientId: call.required('client'),
      scope: call.required('scope'),
    };
    const scopes = await logIn(at, url, terminal);
    return { json: { url, scopes }, text: `You are signed in at ${url}: ${textOf(scopes)}` };
  }),
};

export const logout = {
  name: 'logout',
  ...command('end what "countersign login" began').plain(async (call) => {
    const { logOut } = await import('../api/login.js');
    const url = adminUrlOf(call.terminal.environment);
    const wasSignedIn = await logOut(url, call.terminal);
    return {
      json: { url, wasSignedIn },
      text: wasSignedIn ? 'You are signed out' : 'You were not signed in',
    };
  }),
};
